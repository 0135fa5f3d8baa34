package io.longspan.admin.curve;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.web.util.HtmlUtils;

/** Curves as SVG with a legend; colours come from the page's style sheet by class. */
public final class CurveSvg {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 300;
    private static final int LEFT = 64;
    private static final int RIGHT = 12;
    private static final int TOP = 10;
    private static final int BOTTOM = 40;
    private static final int TICKS = 6;
    private static final int COLOURS = 6;

    private CurveSvg() {}

    /** The drawing; empty when there is nothing to draw. Labels are escaped. */
    public static String text(CurveSet set, String label, ZoneId zone) {
        List<Double> values =
                set.series().stream()
                        .flatMap(s -> s.values().stream())
                        .flatMap(Optional::stream)
                        .map(v -> height(set, v))
                        .toList();
        if (values.isEmpty()) {
            return "";
        }
        double[] across = range(set.x().stream());
        double[] up = range(values.stream());
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg class=\"curve\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                        WIDTH,
                        HEIGHT,
                        HtmlUtils.htmlEscape(label)));
        for (int i = 0; i <= TICKS; i++) {
            double share = (double) i / TICKS;
            double y = HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
            double x = LEFT + share * (WIDTH - LEFT - RIGHT);
            double value = up[0] + share * (up[1] - up[0]);
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
                            LEFT,
                            y,
                            WIDTH - RIGHT,
                            y));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
                            LEFT - 6,
                            y + 4,
                            number(set.log() ? Math.pow(10, value) : value)));
            svg.append(
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                            x,
                            HEIGHT - BOTTOM + 18,
                            place(set, across[0] + share * (across[1] - across[0]), zone)));
        }
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                        WIDTH - RIGHT,
                        HEIGHT - 4,
                        HtmlUtils.htmlEscape(set.axis())));
        for (int i = 0; i < set.series().size(); i++) {
            line(svg, set, i, across, up);
        }
        return svg.append("</svg>").append(legend(set)).toString();
    }

    private static String legend(CurveSet set) {
        StringBuilder html = new StringBuilder("<p class=\"legend\">");
        for (int i = 0; i < set.series().size(); i++) {
            html.append(
                    String.format(
                            Locale.ROOT,
                            "<span class=\"key s%d\">%s</span>",
                            i % COLOURS,
                            HtmlUtils.htmlEscape(set.series().get(i).label())));
        }
        return html.append("</p>").toString();
    }

    private static void line(
            StringBuilder svg, CurveSet set, int index, double[] across, double[] up) {
        svg.append(
                String.format(Locale.ROOT, "<polyline class=\"s%d\" points=\"", index % COLOURS));
        List<Optional<Double>> values = set.series().get(index).values();
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i).isPresent()) {
                double value = values.get(i).get();
                double x = (set.x().get(i) - across[0]) / (across[1] - across[0]);
                double y = (height(set, value) - up[0]) / (up[1] - up[0]);
                svg.append(
                        String.format(
                                Locale.ROOT,
                                "%.1f,%.1f ",
                                LEFT + x * (WIDTH - LEFT - RIGHT),
                                HEIGHT - BOTTOM - y * (HEIGHT - BOTTOM - TOP)));
            }
        }
        svg.append("\"/>");
    }

    private static double height(CurveSet set, double value) {
        return set.log() ? Math.log10(value) : value;
    }

    private static double[] range(Stream<Double> values) {
        double[] range = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
        values.forEach(v -> {
            range[0] = Math.min(range[0], v);
            range[1] = Math.max(range[1], v);
        });
        if (range[0] == range[1]) {
            range[0] -= 0.5;
            range[1] += 0.5;
        }
        return range;
    }

    private static String place(CurveSet set, double value, ZoneId zone) {
        return set.axis().equals("clock")
                ? DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT)
                        .format(Instant.ofEpochSecond((long) value).atZone(zone))
                : number(value);
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return size >= 100 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, size >= 1 ? "%.2f" : "%.3g", value);
    }
}
