package io.longspan.admin.overview;

import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.inference.InferenceCount;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.model.ModelRow;
import io.longspan.store.node.NodeRow;
import io.longspan.store.run.RunRow;
import io.longspan.store.run.RunState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one look at the store gives.
 *
 * @param at when it was taken
 * @param nodes processes that live
 * @param work requests for work
 * @param dataSets the ones that changed last
 * @param runs the newest training runs
 * @param models the newest versions
 * @param backends how attention backends were chosen, one entry per different choice
 * @param inferences the newest calls
 * @param inferenceCount calls in all, exact or not
 */
public record Overview(
        Instant at,
        List<NodeRow> nodes,
        WorkBoard work,
        List<DataSetRow> dataSets,
        List<RunRow> runs,
        List<ModelRow> models,
        List<BackendReport> backends,
        List<InferenceRow> inferences,
        InferenceCount inferenceCount) {
    /** The newest run that goes on, or else the newest of all. */
    Optional<RunRow> latestRun() {
        return runs.stream()
                .filter(r -> r.state() == RunState.RUNNING)
                .findFirst()
                .or(() -> runs.stream().findFirst());
    }
}
