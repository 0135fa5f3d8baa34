package io.longspan.admin.curve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Several series over one axis.
 *
 * @param axis what the axis counts; {@code clock} for seconds since 1970
 * @param unit of the values
 * @param log whether values are drawn on a logarithmic scale
 * @param live whether more may come
 * @param x ascending
 * @param series over {@code x}
 */
public record CurveSet(
        String axis, String unit, boolean log, boolean live, List<Double> x, List<Series> series) {
    /**
     * One series.
     *
     * @param label for people
     * @param values one per x; empty where there is none
     */
    public record Series(String label, List<Optional<Double>> values) {}

    /**
     * A point.
     *
     * @param x its place
     * @param y its value
     */
    public record Point(double x, double y) {}

    /** Puts series with places of their own over the union of their places. */
    public static CurveSet of(
            String axis, String unit, boolean log, boolean live, Map<String, List<Point>> lines) {
        TreeMap<Double, Integer> places = new TreeMap<>();
        lines.values().forEach(points -> points.forEach(p -> places.put(p.x(), 0)));
        List<Double> x = List.copyOf(places.keySet());
        for (int i = 0; i < x.size(); i++) {
            places.put(x.get(i), i);
        }
        List<Series> series = new ArrayList<>();
        lines.forEach((label, points) -> {
            List<Optional<Double>> values =
                    new ArrayList<>(Collections.nCopies(x.size(), Optional.empty()));
            for (Point point : points) {
                if (Double.isFinite(point.y()) && (!log || point.y() > 0)) {
                    values.set(places.getOrDefault(point.x(), 0), Optional.of(point.y()));
                }
            }
            series.add(new Series(label, List.copyOf(values)));
        });
        return new CurveSet(axis, unit, log, live, x, series);
    }

    /** Whether there is nothing to draw. */
    public boolean empty() {
        return x.isEmpty();
    }
}
