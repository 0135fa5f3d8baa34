package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;

/**
 * What the global tokens of one sequence see: every unmasked token, and in a causal layer none
 * after themselves.
 */
final class Visible {
    private final boolean[] unmasked;
    private final boolean everything;
    private final boolean causal;

    private Visible(boolean[] unmasked, boolean everything, boolean causal) {
        this.unmasked = unmasked;
        this.everything = everything;
        this.causal = causal;
    }

    static Visible of(SequenceLayout layout, int sequence, boolean causal) {
        boolean[] unmasked = new boolean[layout.length(sequence)];
        boolean all = true;
        for (int j = 0; j < unmasked.length; j++) {
            unmasked[j] = layout.role(layout.start(sequence) + j) != TokenRole.MASKED;
            all &= unmasked[j];
        }
        return new Visible(unmasked, all && !causal, causal);
    }

    /**
     * Softmax over the keys that each row sees.
     *
     * @param scores [H, rows, L]
     * @param tokens of the rows, indices in the sequence
     * @return [H, rows, L]
     */
    NDArray softmax(NDArray scores, int[] tokens) {
        if (everything) {
            return scores.softmax(-1);
        }
        int length = unmasked.length;
        boolean[] hidden = new boolean[tokens.length * length];
        for (int r = 0; r < tokens.length; r++) {
            for (int j = 0; j < length; j++) {
                hidden[r * length + j] = !unmasked[j] || (causal && j > tokens[r]);
            }
        }
        NDManager scope = scores.getManager();
        NDArray mask =
                Rows.own(scope.create(hidden, new Shape(1, tokens.length, length)))
                        .broadcast(scores.getShape()); // [H, rows, L]
        NDArray never =
                scope.full(new Shape(1), Float.NEGATIVE_INFINITY)
                        .broadcast(scores.getShape()); // [H, rows, L]
        return NDArrays.where(mask, never, scores).softmax(-1);
    }
}
