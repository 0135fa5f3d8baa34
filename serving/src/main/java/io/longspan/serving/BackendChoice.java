package io.longspan.serving;

import io.longspan.attention.Workload;
import io.longspan.model.infer.ModelOptions;
import java.util.List;

/** Chooses and opens the attention backend of a model. Given by whoever composes the server. */
@FunctionalInterface
public interface BackendChoice {
    /**
     * Opens a backend; called once per model while the server starts.
     *
     * @param model name, for messages
     * @param workloads that the backend has to support
     * @return an open backend, which the server closes
     */
    ChosenBackend open(String model, List<Workload> workloads);

    /** How models are to be loaded: packed layers, and the threads that they compute on. */
    default ModelOptions modelOptions() {
        return ModelOptions.defaults();
    }
}
