package io.longspan.model.inspect;

import io.longspan.attention.TokenRole;
import java.util.Comparator;
import java.util.List;

/**
 * The attention weights of one token in one head: all that it sees, each once.
 *
 * @param head index from 0
 * @param sequence index in the batch
 * @param position of the token in its sequence, from 0
 * @param role of the token: a LOCAL one weighs its window and the global tokens in one softmax, a
 *     GLOBAL one every unmasked token by the global projections, a MASKED one sees nothing (in a
 *     RoBERTa every unmasked token)
 * @param keys ascending by position, weights adding up to 1; empty when the token sees nothing
 */
public record AttendedRow(
        int head, int sequence, int position, TokenRole role, List<AttendedKey> keys) {
    /** Copies the list. */
    public AttendedRow {
        keys = List.copyOf(keys);
    }

    /** The keys with the largest weights, largest first; of equals the earlier first. */
    public List<AttendedKey> strongest(int most) {
        return keys.stream()
                .sorted(
                        Comparator.comparingDouble((AttendedKey key) -> -key.weight())
                                .thenComparingInt(AttendedKey::position))
                .limit(most)
                .toList();
    }
}
