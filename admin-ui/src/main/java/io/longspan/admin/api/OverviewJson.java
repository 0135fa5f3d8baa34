package io.longspan.admin.api;

import io.longspan.admin.overview.BackendReport;
import io.longspan.admin.overview.Overview;
import io.longspan.admin.overview.WorkBoard;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.model.ModelRow;
import io.longspan.store.work.WorkRow;
import java.time.Instant;
import java.util.List;

/** What the page shows, section by section. */
record OverviewJson(
        Instant at,
        List<NodeJson> nodes,
        Work work,
        List<DataSetJson> dataSets,
        List<RunJson> runs,
        List<ModelRow> models,
        List<BackendReport> backends,
        List<InferenceRow> inferences,
        long inferenceCount,
        boolean inferenceCountExact) {
    static OverviewJson of(Overview seen) {
        return new OverviewJson(
                seen.at(),
                seen.nodes().stream().map(NodeJson::of).toList(),
                Work.of(seen.work()),
                seen.dataSets().stream().map(DataSetJson::of).toList(),
                seen.runs().stream().map(RunJson::of).toList(),
                seen.models(),
                seen.backends(),
                seen.inferences(),
                seen.inferenceCount().rows(),
                seen.inferenceCount().exact());
    }

    /** Requests by what can be done about them. */
    record Work(List<WorkJson> running, List<WorkJson> waiting, List<WorkJson> ended) {
        private static Work of(WorkBoard board) {
            return new Work(all(board.running()), all(board.waiting()), all(board.ended()));
        }

        private static List<WorkJson> all(List<WorkRow> rows) {
            return rows.stream().map(WorkJson::of).toList();
        }
    }
}
