package io.longspan.admin.chart;

import io.longspan.store.Store;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Reads loss curves. */
@Component
public final class LossCurves {
    private static final Set<String> BOTH = Set.of(Metric.LOSS, Metric.HELD_OUT_LOSS);
    private static final int MOST_POINTS = 10_000;

    private final Store store;

    LossCurves(Store store) {
        this.store = store;
    }

    /** The points after a step; -1 for all. Long curves come in several pieces. */
    public MetricsAnswer after(RunRow run, long step) {
        Map<String, List<Metric>> series = store.runs().metrics(run.id(), BOTH, step);
        return MetricsAnswer.of(
                run,
                series.getOrDefault(Metric.LOSS, List.of()),
                series.getOrDefault(Metric.HELD_OUT_LOSS, List.of()),
                MOST_POINTS);
    }

    /** The whole curve, or the piece asked for, as SVG; empty when there is nothing to draw. */
    public String svg(RunRow run, Steps piece) {
        Map<String, List<Metric>> series = store.runs().metrics(run.id(), BOTH, -1);
        return new LossSvg(
                        piece.of(series.getOrDefault(Metric.LOSS, List.of())),
                        piece.of(series.getOrDefault(Metric.HELD_OUT_LOSS, List.of())))
                .text();
    }
}
