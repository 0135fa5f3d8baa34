package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.QueryRows;
import io.longspan.attention.TensorView;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;

/**
 * Attention from queries and from keys and values side by side, all in a workspace: a kernel reads
 * them where they lie, a composed backend gets copies in its turn.
 *
 * @param tokens T
 */
record PackedAttention(
        AttentionSession session, Workspace space, ComputeCrew crew, int tokens, int width) {
    /** Whether the backend computes some rows alone. */
    boolean takesRows(LayerWindow window, int headSize, NDManager scope) {
        return switch (session) {
            case KernelSession kernel -> kernel.takesRows(window, headSize);
            case ComposedSession composed ->
                    composed.takesRows(window, key(scope, window, headSize));
        };
    }

    /**
     * Computes rows: from {@link Workspace#query} and {@link Workspace#keyValue} into {@link
     * Workspace#context}.
     *
     * @param count R, the rows of the queries
     */
    void run(LayerWindow window, int headSize, QueryRows rows, int count, NDManager scope) {
        switch (session) {
            case KernelSession kernel -> {
                MemorySegment keyValue = space.keyValue();
                long values = keyValue.address() + (long) width * Float.BYTES;
                kernel.forward(
                        view(space.query().address(), count, headSize, width),
                        view(keyValue.address(), tokens, headSize, 2L * width),
                        view(values, tokens, headSize, 2L * width),
                        view(space.context().address(), count, headSize, width),
                        window,
                        rows);
            }
            case ComposedSession composed -> {
                try (ComputeCrew.Turn _ = crew.turn();
                        NDManager own = scope.newSubManager()) {
                    NDArray q = queries(own, window, count, headSize); // [R, H, D]
                    NDArray k = key(own, window, headSize); // [T, H, D]
                    NDArray v = value(own, window, headSize); // [T, H, D]
                    NDArray output = composed.forward(q, k, v, window, rows); // [R, H, D]
                    try (NDArray flat = output.flatten()) { // [R * N]
                        space.context().copyFrom(TensorBridge.memory(flat));
                    }
                }
            }
        }
    }

    private TensorView view(long address, long rows, int headSize, long pitch) {
        return TensorView.of(
                address,
                ElementType.FP32,
                Device.CPU,
                new long[] {rows, width / headSize, headSize},
                new long[] {pitch, headSize, 1});
    }

    /** The queries as an array, [R, H, D], a copy. */
    NDArray queries(NDManager scope, LayerWindow window, int count, int headSize) {
        return TensorBridge.create(
                scope,
                space.query().asSlice(0, (long) count * width * Float.BYTES),
                new Shape(count, window.pattern().heads(), headSize));
    }

    /** The keys as an array, [T, H, D], a copy. */
    NDArray key(NDManager scope, LayerWindow window, int headSize) {
        return half(scope, window, headSize, 0);
    }

    /** The values as an array, [T, H, D], a copy. */
    NDArray value(NDManager scope, LayerWindow window, int headSize) {
        return half(scope, window, headSize, width);
    }

    private NDArray half(NDManager scope, LayerWindow window, int headSize, int first) {
        try (NDManager own = scope.newSubManager()) {
            NDArray both =
                    TensorBridge.create(
                            own,
                            space.keyValue().asSlice(0, 2L * tokens * width * Float.BYTES),
                            new Shape(tokens, 2L * width)); // [T, 2N]
            NDArray half =
                    both.get(new NDIndex(":, {}:{}", first, first + width))
                            .reshape(tokens, window.pattern().heads(), headSize)
                            .duplicate(); // [T, H, D]
            half.attach(scope);
            return half;
        }
    }
}
