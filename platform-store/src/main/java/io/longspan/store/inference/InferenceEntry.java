package io.longspan.store.inference;

import java.util.Optional;

/**
 * A row on its way into the log.
 *
 * @param row without what was said
 * @param payload what was said, where that is kept
 */
public record InferenceEntry(InferenceRow row, Optional<InferencePayload> payload) {
    /** A row alone. */
    public static InferenceEntry of(InferenceRow row) {
        return new InferenceEntry(row, Optional.empty());
    }
}
