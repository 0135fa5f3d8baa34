package io.longspan.admin.chart;

import io.longspan.store.run.Metric;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * A loss curve as SVG: two lines, two axes. Colours come from the page's style sheet by class;
 * nothing in it comes from outside but numbers.
 */
final class LossSvg {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 300;
    private static final int LEFT = 52;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 40;
    private static final int MOST_POINTS = 800;
    private static final int TICKS_ACROSS = 8;
    private static final int TICKS_UP = 5;
    private static final int WHOLE_STEPS = 1;
    private static final int MOST_DOTS = 60;

    private final List<Metric> loss;
    private final List<Metric> heldOut;

    LossSvg(List<Metric> loss, List<Metric> heldOut) {
        this.loss = Thinning.of(loss, MOST_POINTS);
        this.heldOut = Thinning.of(heldOut, MOST_POINTS);
    }

    /** The drawing; empty when there is no point. */
    String text() {
        if (loss.isEmpty() && heldOut.isEmpty()) {
            return "";
        }
        Scale across = Scale.over(least(Metric::step), greatest(Metric::step), LEFT, WIDTH - RIGHT);
        Scale up = Scale.over(least(Metric::value), greatest(Metric::value), HEIGHT - BOTTOM, TOP);
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg class=\"curve\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Loss against step\">",
                        WIDTH,
                        HEIGHT));
        axes(svg, across, up);
        line(svg, "loss", loss, across, up);
        line(svg, "held-out", heldOut, across, up);
        dots(svg, across, up);
        return svg.append("</svg>").toString();
    }

    private static void axes(StringBuilder svg, Scale across, Scale up) {
        int digitsUp = up.digits(TICKS_UP);
        for (double tick : up.ticks(TICKS_UP, 0)) {
            gridLine(svg, LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick));
            label(svg, "end", LEFT - 8, up.at(tick) + 4, decimal(tick, digitsUp));
        }
        for (double tick : across.ticks(TICKS_ACROSS, WHOLE_STEPS)) {
            gridLine(svg, across.at(tick), TOP, across.at(tick), HEIGHT - BOTTOM);
            label(svg, "middle", across.at(tick), HEIGHT - BOTTOM + 18, decimal(tick, 0));
        }
        label(svg, "end", WIDTH - RIGHT, HEIGHT - 4, "step");
    }

    private static void gridLine(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
                        x1,
                        y1,
                        x2,
                        y2));
    }

    private static void label(StringBuilder svg, String anchor, double x, double y, String text) {
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                        x,
                        y,
                        anchor,
                        text));
    }

    private static void line(
            StringBuilder svg, String kind, List<Metric> points, Scale across, Scale up) {
        if (points.isEmpty()) {
            return;
        }
        svg.append("<polyline class=\"").append(kind).append("\" points=\"");
        for (Metric point : points) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "%.1f,%.1f ",
                            across.at((double) point.step()),
                            up.at(point.value())));
        }
        svg.append("\"/>");
    }

    private void dots(StringBuilder svg, Scale across, Scale up) {
        if (heldOut.size() > MOST_DOTS) {
            return;
        }
        for (Metric point : heldOut) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<circle class=\"held-out\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>",
                            across.at((double) point.step()),
                            up.at(point.value())));
        }
    }

    private double least(ToDoubleFunction<Metric> side) {
        return points().mapToDouble(side).min().orElseThrow();
    }

    private double greatest(ToDoubleFunction<Metric> side) {
        return points().mapToDouble(side).max().orElseThrow();
    }

    private Stream<Metric> points() {
        return Stream.concat(loss.stream(), heldOut.stream());
    }

    private static String decimal(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value + 0.0);
    }
}
