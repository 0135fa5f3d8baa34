package io.longspan.attention.registry;

import io.longspan.attention.Availability;
import io.longspan.attention.Support;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one provider when the choice is made.
 *
 * @param name of the backend
 * @param version of the backend
 * @param summary one line for people
 * @param origin the jar that holds it
 * @param priority for {@code auto}
 * @param availability on this machine
 * @param support of the workloads asked about, or null when none was asked about
 */
public record SelectionRow(
        String name,
        String version,
        String summary,
        String origin,
        int priority,
        Availability availability,
        @Nullable Support support) {

    /** Whether it can run here and nothing is known against it. */
    public boolean usable() {
        return availability instanceof Availability.Available
                && !(support instanceof Support.Unsupported);
    }

    /**
     * Why it cannot be used, as the end of a sentence that begins with its name; empty when it can.
     */
    public String against() {
        if (availability instanceof Availability.Unavailable(String reason, String hint)) {
            return "is unavailable: " + reason + " (" + hint + ")";
        }
        return support instanceof Support.Unsupported unsupported
                ? String.join("; ", unsupported.reasons())
                : "";
    }

    SelectionRow with(Support exact) {
        return new SelectionRow(name, version, summary, origin, priority, availability, exact);
    }
}
