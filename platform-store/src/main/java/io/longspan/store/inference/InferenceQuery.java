package io.longspan.store.inference;

import java.time.Instant;
import java.util.Optional;

/**
 * Which inferences to look at.
 *
 * @param from only calls that came in then or later
 * @param to only calls that came in before
 * @param caller only by this caller
 * @param model only of this model
 * @param method only of this full method
 * @param status only with this status; {@code !OK} means any other than OK
 */
public record InferenceQuery(
        Optional<Instant> from,
        Optional<Instant> to,
        Optional<String> caller,
        Optional<String> model,
        Optional<String> method,
        Optional<String> status) {
    /** Every status other than OK. */
    public static final String FAILED = "!OK";
}
