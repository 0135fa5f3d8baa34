package io.longspan.admin.chart;

import io.longspan.store.run.Metric;
import io.longspan.store.run.RunRow;
import io.longspan.store.run.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a run's loss curve.
 *
 * @param run its key
 * @param state how far the run is
 * @param step steps made; less than a caller has seen means that the run began anew
 * @param totalSteps steps in all
 * @param loss of the steps' batches, in order of steps
 * @param heldOut loss on the held-out blocks, in order of steps
 * @param more whether later points exist; ask again after the last step of this piece
 */
public record MetricsAnswer(
        long run,
        RunState state,
        long step,
        long totalSteps,
        List<Point> loss,
        List<Point> heldOut,
        boolean more) {

    /**
     * One measurement.
     *
     * @param step after which it was made
     * @param value in nats; null when it was not a finite number
     */
    public record Point(long step, @Nullable Double value) {
        private static Point of(Metric metric) {
            return new Point(
                    metric.step(), Double.isFinite(metric.value()) ? metric.value() : null);
        }
    }

    /**
     * Cuts both series at the same step, so that "after the last step" misses nothing of either.
     *
     * @param most points of one series
     */
    static MetricsAnswer of(RunRow run, List<Metric> loss, List<Metric> heldOut, int most) {
        long end = Math.min(stepAt(loss, most), stepAt(heldOut, most));
        boolean more = loss.size() > most || heldOut.size() > most;
        return new MetricsAnswer(
                run.id(),
                run.state(),
                run.step(),
                run.totalSteps(),
                upTo(end, loss),
                upTo(end, heldOut),
                more);
    }

    private static long stepAt(List<Metric> series, int most) {
        return series.size() > most ? series.get(most - 1).step() : Long.MAX_VALUE;
    }

    private static List<Point> upTo(long end, List<Metric> series) {
        return series.stream().filter(m -> m.step() <= end).map(Point::of).toList();
    }
}
