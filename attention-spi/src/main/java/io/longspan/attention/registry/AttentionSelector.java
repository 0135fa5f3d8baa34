package io.longspan.attention.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The choice of a backend: a pure function from facts to a report. It never throws for what the
 * user asked.
 */
public final class AttentionSelector {
    private AttentionSelector() {}

    /**
     * Chooses.
     *
     * <p>{@code auto} takes the first usable row. A named backend has to be usable; if it is not,
     * {@link Fallback#FAIL} ends in an error and {@link Fallback#NEXT} takes the first usable row
     * with a warning. A jar that could not be loaded is an error under FAIL and a warning under
     * NEXT: whoever dropped it in wants to know.
     *
     * @param rows every provider, by priority, then name
     * @param rejected what could not be loaded
     */
    public static SelectionReport select(
            String asked,
            Fallback fallback,
            List<SelectionRow> rows,
            List<RejectedProvider> rejected) {
        List<String> warnings = new ArrayList<>();
        for (RejectedProvider broken : rejected) {
            String sentence =
                    "plug-in '"
                            + broken.origin()
                            + "' cannot be used: "
                            + broken.reason()
                            + "; remove it, repair it, or set longspan.attention.fallback=next to go on without it";
            if (fallback == Fallback.FAIL) {
                return new SelectionReport(asked, rows, rejected, null, List.of(), sentence);
            }
            warnings.add(sentence);
        }
        SelectionRow best = rows.stream().filter(SelectionRow::usable).findFirst().orElse(null);
        if (asked.equals(AttentionSettings.AUTO)) {
            String error =
                    best == null ? "no attention backend can do this: " + allAgainst(rows) : null;
            return report(asked, rows, rejected, best, warnings, error);
        }
        SelectionRow named =
                rows.stream().filter(row -> row.name().equals(asked)).findFirst().orElse(null);
        if (named != null && named.usable()) {
            return report(asked, rows, rejected, named, warnings, null);
        }
        String trouble =
                named == null
                        ? "there is no attention backend '"
                                + asked
                                + "'; known are auto, "
                                + names(rows)
                        : "attention backend '" + asked + "' " + named.against();
        if (named == null || fallback == Fallback.FAIL) {
            String advice = named == null ? "" : "; usable here: " + usable(rows);
            return report(asked, rows, rejected, null, warnings, trouble + advice);
        }
        if (best == null) {
            return report(
                    asked,
                    rows,
                    rejected,
                    null,
                    warnings,
                    trouble + "; nor can another: " + allAgainst(rows));
        }
        warnings.add(
                trouble
                        + "; using '"
                        + best.name()
                        + "' instead, as longspan.attention.fallback=next allows");
        return report(asked, rows, rejected, best, warnings, null);
    }

    private static SelectionReport report(
            String asked,
            List<SelectionRow> rows,
            List<RejectedProvider> rejected,
            @Nullable SelectionRow chosen,
            List<String> warnings,
            @Nullable String error) {
        String name = chosen == null || error != null ? null : chosen.name();
        return new SelectionReport(asked, rows, rejected, name, warnings, error);
    }

    private static String names(List<SelectionRow> rows) {
        return rows.isEmpty()
                ? "none"
                : rows.stream().map(SelectionRow::name).collect(Collectors.joining(", "));
    }

    private static String usable(List<SelectionRow> rows) {
        String list =
                rows.stream()
                        .filter(SelectionRow::usable)
                        .map(SelectionRow::name)
                        .collect(Collectors.joining(", "));
        return list.isEmpty() ? "none" : list;
    }

    private static String allAgainst(List<SelectionRow> rows) {
        return rows.isEmpty()
                ? "there is none; put a backend's jar on the class path"
                : rows.stream()
                        .map(row -> row.name() + " " + row.against())
                        .collect(Collectors.joining(" | "));
    }
}
