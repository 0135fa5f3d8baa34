package io.longspan.store.work;

import java.util.Optional;

/**
 * Which requests to list.
 *
 * @param kind only of this kind
 * @param state only in this state
 * @param text only with this in the title, the name of who asked, or the message, upper and lower
 *     case being equal
 * @param before only with a smaller key
 * @param limit rows at most
 */
public record WorkQuery(
        Optional<WorkKind> kind,
        Optional<WorkState> state,
        Optional<String> text,
        Optional<Long> before,
        int limit) {}
