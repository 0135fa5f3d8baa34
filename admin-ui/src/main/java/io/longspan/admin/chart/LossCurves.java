package io.longspan.admin.chart;

import io.longspan.store.Store;
import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import java.util.List;
import org.springframework.stereotype.Component;

/** Reads loss curves. */
@Component
public final class LossCurves {
    private static final int MOST_POINTS = 10_000;

    private final Store store;

    LossCurves(Store store) {
        this.store = store;
    }

    /** The points after a step; -1 for all. Long curves come in several pieces. */
    public MetricsAnswer after(RunRow run, long step) {
        return MetricsAnswer.of(
                run,
                store.runs().metrics(run.id(), Metric.LOSS, step),
                store.runs().metrics(run.id(), Metric.HELD_OUT_LOSS, step),
                MOST_POINTS);
    }

    /** The whole curve, or the piece asked for, as SVG; empty when there is nothing to draw. */
    public String svg(RunRow run, Steps piece) {
        return new LossSvg(
                        piece.of(store.runs().metrics(run.id(), Metric.LOSS, -1)),
                        piece.of(heldOut(run)))
                .text();
    }

    /** Its held-out losses in order of steps. */
    public List<Metric> heldOut(RunRow run) {
        return store.runs().metrics(run.id(), Metric.HELD_OUT_LOSS, -1);
    }
}
