package io.longspan.admin.api;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.longspan.store.run.RunRow;
import io.longspan.store.run.RunState;
import java.time.Instant;
import java.util.Optional;

/** A training run; {@code config} is JSON inside the JSON, not a text. */
record RunJson(
        long id,
        String name,
        String objective,
        RunState state,
        long step,
        long totalSteps,
        Optional<Double> firstLoss,
        Optional<Double> lastLoss,
        String backend,
        String backendVersion,
        String dataSet,
        String output,
        String message,
        Instant startedAt,
        Instant updatedAt,
        Optional<Instant> endedAt,
        @JsonRawValue String config) {
    static RunJson of(RunRow run) {
        return new RunJson(
                run.id(),
                run.name(),
                run.objective(),
                run.state(),
                run.step(),
                run.totalSteps(),
                finite(run.firstLoss()),
                finite(run.lastLoss()),
                run.backend(),
                run.backendVersion(),
                run.dataSet(),
                run.output(),
                run.message(),
                run.startedAt(),
                run.updatedAt(),
                run.endedAt(),
                run.config());
    }

    /** JSON has no word for what is not finite. */
    private static Optional<Double> finite(Optional<Double> value) {
        return value.filter(Double::isFinite);
    }
}
