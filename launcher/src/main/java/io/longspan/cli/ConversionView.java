package io.longspan.cli;

import io.longspan.cli.term.Table;
import io.longspan.model.convert.ConversionCheck;
import io.longspan.model.convert.ConversionReport;
import io.longspan.model.convert.PositionRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The report of a conversion for people. */
final class ConversionView {
    private static final int ROWS_SHOWN = 6;

    private ConversionView() {}

    static String text(Path to, ConversionReport report, ConversionCheck check) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%s: %s from %s, %s, %d tensors",
                        to,
                        report.type(),
                        report.sourceType(),
                        report.task(),
                        report.tensors()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "positions   %,d -> %,d; rows %s",
                        report.sourcePositions(),
                        report.positions(),
                        rows(report.positionRows())));
        lines.add("windows     " + windows(report));
        lines.add(
                "globals     "
                        + (report.globalProjections() == 0
                                ? "the source's own projections"
                                : report.globalProjections()
                                        + " tensors copied from the local projections"));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "parameters  %,d -> %,d",
                        report.sourceParameters(),
                        report.parameters()));
        lines.add("left out    " + listed(report.leftOut(), "nothing"));
        lines.add("tokenizer   " + listed(report.tokenizerFiles(), "none in the source"));
        if (report.tokenizerNote() != null) {
            lines.add("note        " + report.tokenizerNote());
        }
        lines.add(
                String.format(
                        Locale.ROOT,
                        "check       same answers as the source on random texts of seed %d; largest difference %.2g, largest value %.2g",
                        check.seed(),
                        check.maxDifference(),
                        check.maxValue()));
        lines.add(texts(check));
        return String.join("\n", lines);
    }

    private static String rows(List<PositionRows> rows) {
        String shown =
                rows.stream()
                        .limit(ROWS_SHOWN)
                        .map(PositionRows::toString)
                        .collect(Collectors.joining(", "));
        return rows.size() <= ROWS_SHOWN
                ? shown
                : shown + ", ... (" + rows.size() + " parts), " + rows.getLast();
    }

    private static String windows(ConversionReport report) {
        boolean same = report.windows().stream().distinct().count() == 1;
        return (same
                        ? report.windows().getFirst() + " in every layer"
                        : listed(report.windows().stream().map(String::valueOf).toList(), ""))
                + (report.windowsKept() ? " (the source's)" : "");
    }

    private static String texts(ConversionCheck check) {
        Table table = new Table("tokens", "global", "difference");
        for (ConversionCheck.Text text : check.texts()) {
            table.row(
                    Integer.toString(text.tokens()),
                    Integer.toString(text.globals()),
                    String.format(Locale.ROOT, "%.2g", text.maxDifference()));
        }
        return table.toString().indent(12).stripTrailing();
    }

    private static String listed(List<String> texts, String none) {
        return texts.isEmpty() ? none : String.join(", ", texts);
    }
}
