package io.longspan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A line chart with logarithmic axes, written as SVG. */
final class LineChart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 130;
    private static final int TOP = 46;
    private static final int BOTTOM = 60;
    private static final String[] COLOURS = {"#0b6e4f", "#c1440e", "#2f5d9b", "#7a3b8f", "#6b6b6b"};

    private final String title;
    private final String horizontal;
    private final String vertical;
    private final List<Line> lines = new ArrayList<>();

    /** One curve: points with x and y above zero. */
    record Line(String name, List<Point> points) {
        Line {
            points = List.copyOf(points);
        }
    }

    /** A point of a curve. */
    record Point(double x, double y) {}

    LineChart(String title, String horizontal, String vertical) {
        this.title = title;
        this.horizontal = horizontal;
        this.vertical = vertical;
    }

    void add(String name, List<Point> points) {
        List<Point> shown = points.stream().filter(p -> p.x() > 0 && p.y() > 0).toList();
        if (!shown.isEmpty()) {
            lines.add(new Line(name, shown));
        }
    }

    String svg() {
        double minX = extreme(true, true);
        double maxX = extreme(true, false);
        double minY = Math.pow(10, Math.floor(Math.log10(extreme(false, true))));
        double maxY = Math.pow(10, Math.ceil(Math.log10(extreme(false, false))));
        StringBuilder svg = new StringBuilder();
        svg.append(
                text(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                                + " font-family=\"sans-serif\" font-size=\"13\">\n",
                        WIDTH, HEIGHT));
        svg.append(text("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>\n", WIDTH, HEIGHT));
        label(svg, LEFT, 24, "start", title);
        label(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", horizontal);
        svg.append(
                text(
                        "<text transform=\"translate(18 %d) rotate(-90)\""
                                + " text-anchor=\"middle\">%s</text>\n",
                        (TOP + HEIGHT - BOTTOM) / 2, escaped(vertical)));
        for (double y = minY; y <= maxY * 1.001; y *= 10) {
            double at = vertical(y, minY, maxY);
            rule(svg, LEFT, at, WIDTH - RIGHT, at);
            label(svg, LEFT - 8, at + 4, "end", number(y));
        }
        for (LineChart.Point p : lines.getFirst().points()) {
            double at = horizontal(p.x(), minX, maxX);
            rule(svg, at, TOP, at, HEIGHT - BOTTOM);
            label(svg, at, HEIGHT - BOTTOM + 18, "middle", number(p.x()));
        }
        for (int i = 0; i < lines.size(); i++) {
            curve(svg, lines.get(i), COLOURS[i % COLOURS.length], minX, maxX, minY, maxY);
        }
        return svg.append("</svg>\n").toString();
    }

    private static void curve(
            StringBuilder svg,
            Line line,
            String colour,
            double minX,
            double maxX,
            double minY,
            double maxY) {
        StringBuilder path = new StringBuilder();
        for (Point p : line.points()) {
            double x = horizontal(p.x(), minX, maxX);
            double y = vertical(p.y(), minY, maxY);
            path.append(text("%s%.1f %.1f", path.isEmpty() ? "M" : " L", x, y));
            svg.append(
                    text("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x, y, colour));
        }
        svg.append(
                text(
                        "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
                        path, colour));
        Point last = line.points().getLast();
        svg.append(
                text(
                        "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n",
                        horizontal(last.x(), minX, maxX) + 8,
                        vertical(last.y(), minY, maxY) + 4,
                        colour,
                        escaped(line.name())));
    }

    private double extreme(boolean ofX, boolean least) {
        var values =
                lines.stream()
                        .flatMap(line -> line.points().stream())
                        .mapToDouble(p -> ofX ? p.x() : p.y());
        return (least ? values.min() : values.max()).orElseThrow();
    }

    private static double horizontal(double x, double min, double max) {
        double share = max > min ? Math.log(x / min) / Math.log(max / min) : 0.5;
        return LEFT + share * (WIDTH - RIGHT - LEFT);
    }

    private static double vertical(double y, double min, double max) {
        double share = max > min ? Math.log(y / min) / Math.log(max / min) : 0.5;
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
    }

    private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(
                text(
                        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>\n",
                        x1, y1, x2, y2));
    }

    private static void label(StringBuilder svg, double x, double y, String anchor, String words) {
        svg.append(
                text(
                        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
                        x, y, anchor, escaped(words)));
    }

    private static String number(double value) {
        return value >= 1 ? text("%,.0f", value) : text("%s", (float) value);
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
