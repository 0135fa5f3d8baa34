package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a packed layer's global tokens. Which way they are computed is decided sequence by
 * sequence, so that the bits of one do not depend on its neighbours in the batch.
 *
 * @param many by products of arrays
 * @param few in raw memory; null where queries are not folded, or without the Vector API
 */
record PackedGlobalRows(GlobalRows many, @Nullable RawGlobalRows few) {
    static PackedGlobalRows of(
            Weights weights, String name, AttentionPattern pattern, int headSize, boolean folded) {
        return new PackedGlobalRows(
                new GlobalRows(weights, name, pattern, headSize, folded),
                folded && RawGlobalRows.available()
                        ? new RawGlobalRows(weights, name, pattern, headSize)
                        : null);
    }

    /**
     * Computes some global rows.
     *
     * @param wanted packed indices of global tokens, ascending, at least one
     * @param scope closed after the pass
     * @return [wanted, N], in the workspace, until the next call
     */
    MemorySegment forward(
            Workspace space,
            SequenceLayout layout,
            int[] wanted,
            ComputeCrew crew,
            NDManager scope) {
        MemorySegment output = space.globals().output(wanted.length);
        long rowBytes = output.byteSize() / wanted.length;
        int first = 0;
        for (int b = 0; b < layout.sequences(); b++) {
            int start = layout.start(b);
            int[] tokens = // packed indices
                    Arrays.stream(GlobalRows.inSequence(layout, wanted, b))
                            .map(t -> t + start)
                            .toArray();
            if (tokens.length == 0) {
                continue;
            }
            MemorySegment rows = output.asSlice(first * rowBytes, tokens.length * rowBytes);
            if (few != null && tokens.length <= RawGlobalRows.MOST) {
                few.forward(space, layout, b, tokens, crew, rows);
            } else {
                rows.copyFrom(byArrays(space, layout, tokens, crew, scope));
            }
            first += tokens.length;
        }
        return output;
    }

    private MemorySegment byArrays(
            Workspace space,
            SequenceLayout layout,
            int[] tokens,
            ComputeCrew crew,
            NDManager scope) {
        try (ComputeCrew.Turn _ = crew.turn()) {
            NDArray read = space.readArray(layout.tokens(), scope); // [T, N]
            return TensorBridge.memory(many.forward(read, layout, tokens, null)); // [G, N]
        }
    }
}
