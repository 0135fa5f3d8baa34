package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import org.jspecify.annotations.Nullable;

/**
 * Dropout of hidden states in one place of the model.
 *
 * @param site the place
 * @param layer index of the encoder layer; 0 outside the layers
 * @param rate probability of dropping
 */
public record HiddenDropout(HiddenMask.Site site, int layer, double rate) {
    /**
     * The states of every token of a batch with some numbers dropped and the others scaled up.
     *
     * @param states [T, N]; stays the caller's
     * @param draw the randomness, or null for none
     * @return [T, N], in the manager of the states; the states themselves when nothing is dropped
     */
    public NDArray apply(NDArray states, SequenceLayout layout, @Nullable DropoutDraw draw) {
        return apply(states, QueryRows.all(), layout, draw);
    }

    /** The same for the rows of a call, all or some. */
    NDArray apply(
            NDArray states, QueryRows rows, SequenceLayout layout, @Nullable DropoutDraw draw) {
        return draw == null || rate == 0
                ? states
                : apply(states, rows.indices(layout), layout, draw);
    }

    /**
     * The same for some rows of the batch.
     *
     * @param states [R, N]; stays the caller's
     * @param tokens packed index of the token of each row
     */
    public NDArray apply(
            NDArray states, int[] tokens, SequenceLayout layout, @Nullable DropoutDraw draw) {
        if (draw == null || rate == 0) {
            return states;
        }
        int columns = Math.toIntExact(states.getShape().get(1));
        float[] factors = new float[Math.multiplyExact(tokens.length, columns)];
        int sequence = -1;
        HiddenMask mask = null;
        for (int r = 0; r < tokens.length; r++) {
            int of = layout.sequenceOf(tokens[r]);
            if (mask == null || of != sequence) {
                sequence = of;
                mask = draw.hidden(site, layer, sequence, rate);
            }
            mask.factors(tokens[r] - layout.start(sequence), columns, factors, r * columns);
        }
        try (NDArray kept =
                Rows.own(
                        states.getManager()
                                .create(factors, new Shape(tokens.length, columns)))) { // [R, N]
            return states.mul(kept); // [R, N]
        }
    }
}
