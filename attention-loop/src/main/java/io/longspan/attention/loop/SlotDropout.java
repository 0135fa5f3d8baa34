package io.longspan.attention.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.SequenceLayout;
import java.util.List;
import java.util.Objects;

/** The dropout factors of one call, drawn on the host as the contract defines them. */
final class SlotDropout {
    private final AttentionDropout dropout;
    private final SequenceLayout layout;
    private final int[] rows;
    private final int heads;
    private final float rate;

    SlotDropout(ComposedCall call, int[] rows) {
        dropout = Objects.requireNonNull(call.dropout());
        layout = call.layout();
        this.rows = rows;
        heads = call.pattern().heads();
        rate = call.pattern().dropout();
    }

    /** [R, H, S]. */
    NDArray factors(NDManager manager, List<KeySlot> slots) {
        DropoutMask[] masks = new DropoutMask[layout.sequences()];
        for (int b = 0; b < masks.length; b++) {
            masks[b] = dropout.mask(b, rate);
        }
        float[] factors = new float[rows.length * heads * slots.size()];
        int at = 0;
        for (int r = 0; r < rows.length; r++) {
            int sequence = layout.sequenceOf(rows[r]);
            int start = layout.start(sequence);
            for (int h = 0; h < heads; h++) {
                for (KeySlot slot : slots) {
                    int key = slot.key(r, h) - start;
                    factors[at++] = masks[sequence].factor(h, rows[r] - start, key);
                }
            }
        }
        return manager.create(factors, new Shape(rows.length, heads, slots.size()));
    }
}
