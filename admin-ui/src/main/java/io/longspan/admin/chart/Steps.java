package io.longspan.admin.chart;

import io.longspan.store.run.Metric;
import java.util.List;
import java.util.Optional;

/**
 * A piece of the axis of steps.
 *
 * @param from first step; all before it are left out
 * @param to last step; all after it are left out
 */
public record Steps(Optional<Long> from, Optional<Long> to) {
    /** Those of the metrics that lie in the piece. */
    List<Metric> of(List<Metric> metrics) {
        return metrics.stream()
                .filter(m -> from.isEmpty() || m.step() >= from.get())
                .filter(m -> to.isEmpty() || m.step() <= to.get())
                .toList();
    }
}
