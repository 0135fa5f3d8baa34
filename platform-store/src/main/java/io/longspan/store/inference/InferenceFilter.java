package io.longspan.store.inference;

import java.util.Optional;
import java.util.UUID;

/**
 * Which inferences to list.
 *
 * @param id only this one
 * @param model only of this model
 * @param status only with this status
 * @param limit rows at most
 */
public record InferenceFilter(
        Optional<UUID> id, Optional<String> model, Optional<String> status, int limit) {
    /** The newest of all. */
    public static InferenceFilter newest(int limit) {
        return new InferenceFilter(Optional.empty(), Optional.empty(), Optional.empty(), limit);
    }
}
