package io.longspan.admin.chart;

import io.longspan.store.run.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Leaves out what a drawing cannot show, and keeps what stands out. */
final class Thinning {
    private Thinning() {}

    /**
     * The finite points, at most about {@code most}: of each group of neighbours the least and the
     * greatest, and always the first and the last point.
     */
    static List<Metric> of(List<Metric> series, int most) {
        List<Metric> points = series.stream().filter(m -> Double.isFinite(m.value())).toList();
        if (points.size() <= most) {
            return points;
        }
        int group = (2 * points.size() + most - 1) / most;
        List<Metric> kept = new ArrayList<>();
        kept.add(points.getFirst());
        for (int i = 1; i < points.size() - 1; i += group) {
            List<Metric> near = points.subList(i, Math.min(i + group, points.size() - 1));
            Metric least =
                    near.stream().min(Comparator.comparingDouble(Metric::value)).orElseThrow();
            Metric greatest =
                    near.stream().max(Comparator.comparingDouble(Metric::value)).orElseThrow();
            kept.add(least.step() <= greatest.step() ? least : greatest);
            if (least.step() != greatest.step()) {
                kept.add(least.step() <= greatest.step() ? greatest : least);
            }
        }
        kept.add(points.getLast());
        return kept;
    }
}
