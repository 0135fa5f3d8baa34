package io.longspan.admin.curve;

import java.util.ArrayList;
import java.util.List;

/**
 * Exponential smoothing whose beginning is not drawn towards zero: the average so far is divided by
 * the weight so far.
 */
final class Smoothing {
    private Smoothing() {}

    /**
     * Smooths.
     *
     * @param share of the past in each value, from 0 (nothing changes) to below 1
     */
    static List<CurveSet.Point> of(List<CurveSet.Point> points, double share) {
        if (share <= 0) {
            return points;
        }
        List<CurveSet.Point> smooth = new ArrayList<>();
        double sum = 0;
        double weight = 0;
        for (CurveSet.Point point : points) {
            if (!Double.isFinite(point.y())) {
                continue;
            }
            sum = share * sum + (1 - share) * point.y();
            weight = share * weight + (1 - share);
            smooth.add(new CurveSet.Point(point.x(), sum / weight));
        }
        return smooth;
    }
}
