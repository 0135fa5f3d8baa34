package io.longspan.admin.jobs;

import io.longspan.store.work.JobExecution;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.web.util.HtmlUtils;

/** The steps of an execution as bars along time, in SVG. */
final class Timeline {
    private static final int WIDTH = 860;
    private static final int LEFT = 170;
    private static final int ROW = 20;
    private static final int MOST_ROWS = 40;
    private static final int LONGEST_NAME = 24;

    private Timeline() {}

    /** The drawing; empty when no step has begun. */
    static String svg(JobExecution execution) {
        List<JobExecution.Step> steps =
                execution.steps().stream()
                        .filter(step -> step.started().isPresent())
                        .limit(MOST_ROWS)
                        .toList();
        Optional<LocalDateTime> first =
                steps.stream().flatMap(s -> s.started().stream()).min(LocalDateTime::compareTo);
        if (first.isEmpty()) {
            return "";
        }
        LocalDateTime from = first.get();
        LocalDateTime to =
                steps.stream()
                        .map(s -> s.ended().orElseGet(() -> s.started().orElse(from)))
                        .max(LocalDateTime::compareTo)
                        .orElse(from);
        double all = Math.max(1, Duration.between(from, to).toMillis());
        StringBuilder svg = new StringBuilder();
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg class=\"bars\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Steps along time\">",
                        WIDTH,
                        ROW * steps.size()));
        for (int i = 0; i < steps.size(); i++) {
            bar(svg, steps.get(i), i, from, all);
        }
        return svg.append("</svg>").toString();
    }

    private static void bar(
            StringBuilder svg, JobExecution.Step step, int row, LocalDateTime from, double all) {
        LocalDateTime start = step.started().orElse(from);
        double begin = Duration.between(from, start).toMillis() / all;
        double length = Duration.between(start, step.ended().orElse(start)).toMillis() / all;
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>"
                                + "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"><title>%s</title></rect>",
                        LEFT - 8,
                        row * ROW + 14,
                        escaped(
                                step.name().length() <= LONGEST_NAME
                                        ? step.name()
                                        : step.name().substring(0, LONGEST_NAME) + "…"),
                        step.status().equals("FAILED") ? "bad" : "good",
                        LEFT + begin * (WIDTH - LEFT - 4),
                        row * ROW + 3,
                        Math.max(2, length * (WIDTH - LEFT - 4)),
                        ROW - 6,
                        escaped(step.name() + ", " + step.status())));
    }

    private static String escaped(String text) {
        return HtmlUtils.htmlEscape(text);
    }
}
