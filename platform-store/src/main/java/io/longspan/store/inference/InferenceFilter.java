package io.longspan.store.inference;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Which inferences to list.
 *
 * @param id only this one
 * @param model only of this model
 * @param status only with this status
 * @param caller only by this caller
 * @param from only calls that came in then or later
 * @param to only calls that came in before
 * @param limit rows at most
 */
public record InferenceFilter(
        Optional<UUID> id,
        Optional<String> model,
        Optional<String> status,
        Optional<String> caller,
        Optional<Instant> from,
        Optional<Instant> to,
        int limit) {
    /** Of any caller and time. */
    public InferenceFilter(
            Optional<UUID> id, Optional<String> model, Optional<String> status, int limit) {
        this(id, model, status, Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }

    /** A single one. */
    public static InferenceFilter one(UUID id) {
        return new InferenceFilter(Optional.of(id), Optional.empty(), Optional.empty(), 1);
    }

    /** The newest of all. */
    public static InferenceFilter newest(int limit) {
        return new InferenceFilter(Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }
}
