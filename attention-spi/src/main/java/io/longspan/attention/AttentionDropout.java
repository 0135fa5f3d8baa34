package io.longspan.attention;

import java.util.List;
import java.util.stream.LongStream;

/**
 * The randomness of one call: which probabilities are dropped is a function of these numbers and of
 * the position, not a state. The same step, layer and sample give the same mask on every backend,
 * in every batch and tile.
 *
 * @param seed of the run
 * @param step of the optimiser
 * @param layer index of the encoder layer
 * @param sampleIds one identity per sequence of the batch, 0 to 2^48 - 1; a sample keeps its mask
 *     when it moves to another slot of the batch
 */
public record AttentionDropout(long seed, long step, int layer, List<Long> sampleIds) {
    /** Bits of a sample id that fit beside the head in the counter. */
    private static final int SAMPLE_BITS = 48;

    /** Copies the ids and checks their range. */
    public AttentionDropout {
        sampleIds = List.copyOf(sampleIds);
        for (long id : sampleIds) {
            if (id < 0 || id >>> SAMPLE_BITS != 0) {
                throw new IllegalArgumentException(
                        "sample id is " + id + "; it must be 0 to 2^48 - 1");
            }
        }
    }

    /** The randomness of a call whose sequences are the given samples, in order. */
    public static AttentionDropout of(long seed, long step, int layer, long... sampleIds) {
        return new AttentionDropout(seed, step, layer, LongStream.of(sampleIds).boxed().toList());
    }

    /**
     * The mask of one sequence.
     *
     * @param sequence index in the batch, with an entry in {@link #sampleIds()}
     * @param rate probability of dropping, at least 0 and below 1
     */
    public DropoutMask mask(int sequence, float rate) {
        long key = Philox.derive(Philox.derive(seed, step, 1), layer, 2);
        return new DropoutMask(key, sampleIds.get(sequence), rate);
    }
}
