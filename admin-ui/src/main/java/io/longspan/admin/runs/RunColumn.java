package io.longspan.admin.runs;

import io.longspan.admin.page.Format;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A column of the table of runs that a reader may choose. */
enum RunColumn {
    OBJECTIVE,
    STEPS,
    FIRST,
    LAST,
    BEST,
    LOSS,
    SPEED,
    BACKEND,
    DATASET,
    STARTED,
    TIME;

    /** As it stands in an address. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Numbers of the runs on a page, by run.
     *
     * @param best least held-out loss
     * @param loss latest loss of a batch
     * @param speed latest tokens per second
     */
    record Numbers(Map<Long, Metric> best, Map<Long, Metric> loss, Map<Long, Metric> speed) {}

    String cell(RunRow run, Numbers numbers, Format f) {
        return switch (this) {
            case OBJECTIVE -> run.objective();
            case STEPS -> f.number(run.step()) + " / " + f.number(run.totalSteps());
            case FIRST -> f.loss(run.firstLoss());
            case LAST -> f.loss(run.lastLoss());
            case BEST ->
                    value(numbers.best(), run)
                            .map(m -> f.value(m.value()) + " @ " + f.number(m.step()))
                            .orElse("–");
            case LOSS -> value(numbers.loss(), run).map(m -> f.value(m.value())).orElse("–");
            case SPEED ->
                    value(numbers.speed(), run)
                            .map(m -> f.number(Math.round(m.value())))
                            .orElse("–");
            case BACKEND -> run.backend() + " " + run.backendVersion();
            case DATASET -> run.dataSet();
            case STARTED -> f.local(run.startedAt());
            case TIME -> f.between(run.startedAt(), run.endedAt());
        };
    }

    private static Optional<Metric> value(Map<Long, Metric> all, RunRow run) {
        return Optional.ofNullable(all.get(run.id()));
    }
}
