package io.longspan.cli;

import io.longspan.model.golden.GoldenComparison;
import io.longspan.model.golden.GoldenNumber;
import io.longspan.model.golden.GoldenQuantity;
import io.longspan.model.golden.PublishedNumbers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Known numbers beside those that came out, for people and for machines.
 *
 * @param folder of the checkpoint
 * @param backend that computed attention
 * @param results a comparison per number
 * @param head whether the language-model head was there to be checked
 */
record GoldenView(Path folder, String backend, List<GoldenComparison> results, boolean head) {
    GoldenView {
        results = List.copyOf(results);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("folder", folder.toString());
        json.put("model", PublishedNumbers.MODEL);
        json.put("backend", backend);
        json.put("passed", failed() == 0);
        json.put("head_checked", head);
        json.put("numbers", results.stream().map(GoldenView::json).toList());
        return json;
    }

    String text() {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%s: numbers of %s, %s attention",
                        folder,
                        PublishedNumbers.MODEL,
                        backend));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%-38s %-24s %14s %14s %10s",
                        "case",
                        "number",
                        "expected",
                        "found",
                        "tolerance"));
        for (GoldenComparison result : results) {
            GoldenNumber number = result.number();
            lines.add(
                    String.format(
                            Locale.ROOT,
                            "%-38s %-24s %14.7g %14.7g %10.2g %s",
                            result.caseName(),
                            name(number),
                            number.expected(),
                            result.found(),
                            number.tolerance(),
                            result.passed() ? "ok" : "DIFFERS"));
        }
        if (!head) {
            lines.add("not checked: the checkpoint has no language-model head");
        }
        lines.add(
                failed() == 0
                        ? "passed: all "
                                + results.size()
                                + " numbers are those of the published model"
                        : "failed: "
                                + failed()
                                + " of "
                                + results.size()
                                + " numbers differ; these are other weights, or this machine computes"
                                + " them wrong (try --attention loop)");
        return String.join("\n", lines);
    }

    private long failed() {
        return results.stream().filter(result -> !result.passed()).count();
    }

    private static Map<String, Object> json(GoldenComparison result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("case", result.caseName());
        json.put("number", name(result.number()));
        json.put("expected", result.number().expected());
        json.put("found", result.found());
        json.put("tolerance", result.number().tolerance());
        json.put("passed", result.passed());
        return json;
    }

    private static String name(GoldenNumber number) {
        return switch (number.quantity()) {
            case FIRST_STATE -> "first state, value " + number.index();
            case STATE_SUM, STATE_MEAN, LOSS, LOGIT_SUM, LOGIT_MEAN -> lower(number.quantity());
        };
    }

    private static String lower(GoldenQuantity quantity) {
        return quantity.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
