package io.longspan.attention.registry;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The whole answer to "which attention backend, and why": logged once, printed by {@code longspan
 * backends}, shown in the console.
 *
 * @param asked the backend that was asked for, or {@code auto}
 * @param rows every provider, by priority, then name
 * @param rejected jars and providers that could not be loaded
 * @param chosen name of the chosen backend, or null when none fits
 * @param warnings what the user should know although a backend was chosen, such as a fallback
 * @param error why none was chosen, one sentence; null when one was
 */
public record SelectionReport(
        String asked,
        List<SelectionRow> rows,
        List<RejectedProvider> rejected,
        @Nullable String chosen,
        List<String> warnings,
        @Nullable String error) {
    /** Copies the lists. */
    public SelectionReport {
        rows = List.copyOf(rows);
        rejected = List.copyOf(rejected);
        warnings = List.copyOf(warnings);
    }

    /** The same with more warnings. */
    SelectionReport warning(List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new SelectionReport(asked, rows, rejected, chosen, all, error);
    }

    /** One line for the log: what was chosen and why the others were not. */
    public String line() {
        StringBuilder line = new StringBuilder("attention backend: ");
        line.append(chosen == null ? "none" : chosen)
                .append(" (asked for ")
                .append(asked)
                .append(')');
        for (SelectionRow row : rows) {
            if (!row.name().equals(chosen)) {
                String against = row.against();
                line.append("; ")
                        .append(row.name())
                        .append(' ')
                        .append(against.isEmpty() ? "not needed" : against);
            }
        }
        return line.toString();
    }
}
