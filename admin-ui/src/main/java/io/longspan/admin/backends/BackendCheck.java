package io.longspan.admin.backends;

import java.time.Instant;
import java.util.List;

/**
 * One test of all backends, as the page shows it and as the audit keeps it.
 *
 * @param host where
 * @param by who asked
 * @param begun when
 * @param measured what was timed, in words
 * @param found so far, in the order tried
 * @param left names of those still to be tried
 * @param note why some were left out, or nothing
 */
public record BackendCheck(
        String host,
        String by,
        Instant begun,
        String measured,
        List<BackendProbe.Found> found,
        List<String> left,
        String note) {
    /** Copies the lists. */
    public BackendCheck {
        found = List.copyOf(found);
        left = List.copyOf(left);
    }
}
