package io.longspan.admin.chart;

import io.longspan.store.run.RunRow;
import io.longspan.store.run.RunState;
import java.time.Instant;
import java.util.Optional;

/** A run of which only the steps matter. */
final class Run {
    private Run() {}

    static RunRow of(long steps) {
        return new RunRow(
                1,
                "",
                "",
                RunState.RUNNING,
                "{}",
                "",
                "",
                "",
                "",
                steps,
                steps,
                Optional.empty(),
                Optional.empty(),
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                Optional.empty());
    }
}
