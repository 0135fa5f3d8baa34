package io.longspan.store.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that somebody did.
 *
 * @param at when
 * @param actor who
 * @param action what, such as {@code work.submit}
 * @param subject to what
 * @param detail more, as JSON
 */
public record AuditRow(
        Instant at, String actor, String action, String subject, Optional<String> detail) {}
