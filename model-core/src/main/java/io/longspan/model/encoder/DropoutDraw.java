package io.longspan.model.encoder;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.Philox;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The randomness of one training batch. What is dropped is a function of these numbers and of the
 * place (ADR 0003): not of the backend, of the other sequences of the batch, or of how often a
 * layer is computed.
 *
 * @param seed of the run
 * @param step of the optimiser
 * @param sampleIds one identity per sequence of the batch, 0 to 2^48 - 1; a sample keeps its masks
 *     when it moves to another slot or batch
 */
public record DropoutDraw(long seed, long step, List<Long> sampleIds) {
    private static final int ATTENTION_STEP = 1;
    private static final int HIDDEN = 3;

    /**
     * Copies the ids and checks their range.
     *
     * @throws IllegalArgumentException naming the first id out of range
     */
    public DropoutDraw {
        sampleIds = new AttentionDropout(seed, step, 0, sampleIds).sampleIds();
    }

    /** The randomness of a batch whose sequences are the given samples, in order. */
    public static DropoutDraw of(long seed, long step, long... sampleIds) {
        return new DropoutDraw(seed, step, LongStream.of(sampleIds).boxed().toList());
    }

    /** The randomness of a layer's attention probabilities. */
    public AttentionDropout attention(int layer) {
        return new AttentionDropout(seed, step, layer, sampleIds);
    }

    /**
     * Which numbers of one sequence's hidden states are dropped in one place.
     *
     * @param layer index of the encoder layer; 0 outside the layers
     * @param sequence index in the batch
     * @param rate probability of dropping, at least 0 and below 1
     */
    public HiddenMask hidden(HiddenMask.Site site, int layer, int sequence, double rate) {
        long key =
                Philox.derive(
                        Philox.derive(seed, step, ATTENTION_STEP),
                        (long) layer << 8 | site.code(),
                        HIDDEN);
        return new HiddenMask(key, sampleIds.get(sequence), rate);
    }
}
