package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import java.nio.file.Path;

/**
 * An open checkpoint. Whoever opened it closes it; that ends the life of its tensors.
 *
 * @param folder where it lies
 * @param config what the model is
 * @param tensors its weights under the names of the file
 */
public record Checkpoint(Path folder, LongformerConfig config, TensorSource tensors)
        implements AutoCloseable {

    /**
     * The weights under canonical names, checked against the configuration; the task is inferred.
     *
     * @throws ModelInputException when tensors are missing, have a wrong shape or leave the task
     *     open
     */
    public TensorNames names() {
        return TensorNames.of(config, tensors);
    }

    /**
     * The same for a task that the caller chose.
     *
     * @throws ModelInputException when tensors of that task are missing or have a wrong shape
     */
    public TensorNames names(Task task) {
        return TensorNames.of(config, tensors, task);
    }

    @Override
    public void close() {
        tensors.close();
    }
}
