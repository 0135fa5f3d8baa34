package io.longspan.cli.term;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Curves over steps as an SVG file that stands alone: lines, two axes, a legend. */
public final class CurveSvg {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 40;
    private static final int BOTTOM = 44;
    private static final int MOST_POINTS = 400;
    private static final int TICKS = 5;
    private static final int LEGEND_LINE = 16;
    private static final String[] COLOURS = {
        "#0b6e4f", "#c1440e", "#2f5d9b", "#7a3b8f", "#6b6b6b", "#a8861d"
    };

    private final String title;
    private final List<Curve> curves = new ArrayList<>();

    /** A point. */
    public record Point(long step, double value) {}

    private record Curve(String name, String colour, boolean dotted, List<Point> points) {}

    /** A drawing with a heading. */
    public CurveSvg(String title) {
        this.title = title;
    }

    /**
     * Adds a curve; long ones are thinned to means of neighbours. Points that are no finite number
     * are left out, and so is a curve without points.
     *
     * @param group curves of one group have one colour
     * @param dotted whether every point is marked
     */
    public void add(String name, int group, boolean dotted, List<Point> points) {
        List<Point> finite =
                thinned(points.stream().filter(p -> Double.isFinite(p.value())).toList());
        if (!finite.isEmpty()) {
            curves.add(new Curve(name, COLOURS[group % COLOURS.length], dotted, finite));
        }
    }

    /** The file's text. */
    public String text() {
        double right = Math.max(1, most(p -> p.step()));
        double low = -most(p -> -p.value());
        double high = most(Point::value);
        double span = high > low ? high - low : 1;
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">%n",
                        WIDTH,
                        HEIGHT));
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n",
                        WIDTH,
                        HEIGHT));
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"22\" font-size=\"15\">%s</text>%n",
                        LEFT,
                        escaped(title)));
        for (int t = 0; t <= TICKS; t++) {
            double y = low + span * t / TICKS;
            double x = right * t / TICKS;
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n",
                            LEFT,
                            WIDTH - RIGHT,
                            up(y, low, span),
                            up(y, low, span)));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>%n",
                            LEFT - 6,
                            up(y, low, span) + 4,
                            y));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>%n",
                            across(x, right),
                            HEIGHT - BOTTOM + 18,
                            x));
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">step</text>%n",
                        WIDTH - RIGHT,
                        HEIGHT - 8));
        for (int c = 0; c < curves.size(); c++) {
            draw(svg, curves.get(c), c, right, low, span);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(
            StringBuilder svg, Curve curve, int place, double right, double low, double span) {
        StringBuilder points = new StringBuilder();
        for (Point point : curve.points()) {
            points.append(
                    String.format(
                            Locale.ROOT,
                            "%.1f,%.1f ",
                            across((double) point.step(), right),
                            up(point.value(), low, span)));
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" points=\"%s\"/>%n",
                        curve.colour(),
                        curve.dotted() ? "2" : "1",
                        points.toString().strip()));
        for (Point point : curve.dotted() ? curve.points() : List.<Point>of()) {
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\" fill=\"%s\"/>%n",
                            across((double) point.step(), right),
                            up(point.value(), low, span),
                            curve.colour()));
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"%s\">%s</text>%n",
                        WIDTH - RIGHT - 4,
                        TOP + 14 + LEGEND_LINE * place,
                        curve.colour(),
                        escaped(curve.name())));
    }

    private double most(ToDoubleFunction<Point> side) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(side)
                .max()
                .orElse(0);
    }

    private static double across(double step, double right) {
        return LEFT + (WIDTH - LEFT - RIGHT) * step / right;
    }

    private static double up(double value, double low, double span) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / span;
    }

    private static List<Point> thinned(List<Point> points) {
        if (points.size() <= MOST_POINTS) {
            return points;
        }
        List<Point> means = new ArrayList<>();
        for (int c = 0; c < MOST_POINTS; c++) {
            List<Point> some =
                    points.subList(
                            (int) ((long) c * points.size() / MOST_POINTS),
                            (int) ((c + 1L) * points.size() / MOST_POINTS));
            means.add(
                    new Point(
                            some.getLast().step(),
                            some.stream().mapToDouble(Point::value).average().orElseThrow()));
        }
        return means;
    }

    private static String escaped(String text) {
        return text.replaceAll("\\p{Cntrl}", " ")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
