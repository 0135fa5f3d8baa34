package io.longspan.model.encoder;

import io.longspan.attention.SequenceLayout;
import org.jspecify.annotations.Nullable;

/**
 * The dropout of one place of the model for the tokens of a batch, line by line. Threads may share
 * it.
 */
final class HiddenFactors {
    private final @Nullable HiddenMask[] masks;
    private final SequenceLayout layout;

    private HiddenFactors(@Nullable HiddenMask[] masks, SequenceLayout layout) {
        this.masks = masks;
        this.layout = layout;
    }

    /**
     * What is dropped.
     *
     * @param draw the randomness of the batch, or null for none
     */
    static HiddenFactors of(
            HiddenDropout place, SequenceLayout layout, @Nullable DropoutDraw draw) {
        boolean drops = draw != null && place.rate() > 0;
        @Nullable HiddenMask[] masks = new HiddenMask[drops ? layout.sequences() : 0];
        for (int b = 0; b < masks.length && draw != null; b++) {
            masks[b] = draw.hidden(place.site(), place.layer(), b, place.rate());
        }
        return new HiddenFactors(masks, layout);
    }

    /**
     * Drops numbers of a token's line and scales the others up.
     *
     * @param token packed index
     * @param line [n]
     * @param factors another line to work in
     */
    void apply(int token, float[] line, float[] factors, int n) {
        if (masks.length == 0) {
            return;
        }
        int sequence = layout.sequenceOf(token);
        HiddenMask mask = masks[sequence];
        if (mask != null) {
            mask.factors(token - layout.start(sequence), n, factors, 0);
            for (int i = 0; i < n; i++) {
                line[i] *= factors[i];
            }
        }
    }
}
