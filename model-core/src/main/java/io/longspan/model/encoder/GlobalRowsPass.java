package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.Autograd;
import org.jspecify.annotations.Nullable;

/**
 * The global rows of a layer that the engine does not see: computed with recording off and, on the
 * way back, tile by tile once more. Nothing is kept but the rows; a recorded graph would keep the
 * probabilities of all of them, [H, G, L].
 *
 * @param read [T, N], what attention reads, a leaf
 * @param dropout the randomness of the layer, or null for none
 * @param output [G of the batch, N], a leaf of what the layer makes of the rows
 */
record GlobalRowsPass(
        GlobalRows rows,
        SequenceLayout layout,
        @Nullable AttentionDropout dropout,
        NDArray read,
        NDArray output) {
    /**
     * Computes the rows.
     *
     * @param read [T, N], a leaf; stays the caller's
     * @return its output is in the manager of {@code read}
     */
    static GlobalRowsPass run(
            GlobalRows rows,
            NDArray read,
            SequenceLayout layout,
            @Nullable AttentionDropout dropout) {
        NDArray output; // [G of the batch, N]
        try (Autograd.Mode _ = Autograd.paused()) {
            output = rows.forward(read, layout, dropout);
        }
        output.setRequiresGradient(true);
        return new GlobalRowsPass(rows, layout, dropout, read, output);
    }

    /**
     * Goes back from the gradient that the output gathered: adds to the gradients of {@code read}
     * and of the global projections. Once.
     *
     * @param manager above that of every temporary
     */
    void backward(NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            back(rows, read, layout, dropout, Autograd.gathered(output, scope));
        }
    }

    /**
     * Goes back through rows that were made with recording off: adds to the gradients of what they
     * were made of and of the global projections.
     *
     * @param read [T, N], a leaf
     * @param gradient of the rows, [G of the batch, N]; its manager receives every temporary
     */
    static void back(
            GlobalRows rows,
            NDArray read,
            SequenceLayout layout,
            @Nullable AttentionDropout dropout,
            NDArray gradient) {
        int[] globals = layout.globals();
        int from = 0;
        for (int b = 0; b < layout.sequences(); b++) {
            int[] tokens = GlobalRows.inSequence(layout, globals, b);
            int to = from + tokens.length;
            if (to > from) {
                NDArray part = gradient.get(new NDIndex("{}:{}", from, to)); // [G, N]
                rows.backward(read, layout, b, tokens, dropout, part);
            }
            from = to;
        }
    }
}
