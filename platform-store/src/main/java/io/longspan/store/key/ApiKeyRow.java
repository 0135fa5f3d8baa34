package io.longspan.store.key;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key without its secret.
 *
 * @param id key of the row
 * @param name for people
 * @param prefix what the key begins with, after {@code ls_}
 * @param scopes what it opens, such as {@code infer}
 * @param createdBy who made it
 * @param createdAt when it was made
 * @param expiresAt from when on it opens nothing
 * @param revokedAt when it was revoked
 * @param revokedBy who revoked it
 * @param lastUsedAt when it was last used, to the minute
 */
public record ApiKeyRow(
        long id,
        String name,
        String prefix,
        List<String> scopes,
        String createdBy,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Optional<String> revokedBy,
        Optional<Instant> lastUsedAt) {
    /** ACTIVE, EXPIRED or REVOKED. */
    public String state(Instant now) {
        return revokedAt.isPresent()
                ? "REVOKED"
                : expiresAt.filter(end -> !end.isAfter(now)).isPresent() ? "EXPIRED" : "ACTIVE";
    }
}
