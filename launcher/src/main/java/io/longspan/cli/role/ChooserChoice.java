package io.longspan.cli.role;

import io.longspan.attention.Workload;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.infer.InferencePrecision;
import io.longspan.model.infer.ModelOptions;
import io.longspan.serving.BackendChoice;
import io.longspan.serving.ChosenBackend;
import java.util.List;

/**
 * How the server's models run: on this process's threads, as its settings say.
 *
 * @param backends stays the caller's
 */
record ChooserChoice(BackendChooser backends, InferencePrecision precision)
        implements BackendChoice {
    @Override
    public ChosenBackend open(String model, List<Workload> workloads) {
        SelectedBackend selected = backends.open(workloads);
        return new ChosenBackend(
                selected.backend(),
                selected.name(),
                selected.version(),
                backends.report(selected),
                selected::close);
    }

    @Override
    public ModelOptions modelOptions() {
        return ModelOptions.inference(precision.packed(), backends.crew());
    }
}
