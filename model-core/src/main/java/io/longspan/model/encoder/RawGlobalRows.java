package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The rows of a few global tokens by {@link GlobalRows}' folding, in raw memory and on the crew:
 * the sequence is read once, each weight once. With arrays the same took longer for one global
 * token than all of a short text's attention. A row's bits depend on its sequence alone. Threads
 * may share it.
 */
final class RawGlobalRows {
    /** Global tokens of a sequence beyond which products of arrays are faster. */
    static final int MOST = 2;

    /** Tokens of an item of work in a short sequence and in a long one. */
    private static final int SHORT_STRETCH = GlobalSums.BLOCK;

    private static final int LONG_STRETCH = 512;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final Projection query;
    private final Projection key;
    private final Projection value;
    private final int heads;
    private final int headSize;
    private final int width;
    private final float scale;
    private final boolean causal;

    /**
     * A projection.
     *
     * @param weight [N, N]
     * @param bias [N]
     */
    private record Projection(MemorySegment weight, MemorySegment bias) {
        static Projection of(Weights weights, String name) {
            NDArray weight = weights.get(name + ".weight");
            NDArray bias = weights.get(name + ".bias");
            return new Projection(TensorBridge.memory(weight), TensorBridge.memory(bias));
        }

        float bias(int column) {
            return bias.get(FLOAT, (long) column * Float.BYTES);
        }
    }

    /**
     * The rows of one layer, over weights that outlive it.
     *
     * @param name what the names of the projections begin with
     */
    RawGlobalRows(Weights weights, String name, AttentionPattern pattern, int headSize) {
        query = Projection.of(weights, name + ".query_global");
        key = Projection.of(weights, name + ".key_global");
        value = Projection.of(weights, name + ".value_global");
        heads = pattern.heads();
        this.headSize = headSize;
        width = heads * headSize;
        scale = pattern.scale();
        causal = pattern.causal();
    }

    /** Whether the Vector API is there. */
    static boolean available() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /**
     * Computes the rows of some global tokens of one sequence, {@link #MOST} at most.
     *
     * @param tokens packed indices, ascending
     * @param output receives a row each in their order, [G, N]
     */
    void forward(
            Workspace space,
            SequenceLayout layout,
            int b,
            int[] tokens,
            ComputeCrew crew,
            MemorySegment output) {
        int rows = tokens.length * heads;
        int start = layout.start(b);
        int length = layout.length(b);
        // Of the length alone, since where sums begin decides their last bits.
        int stretch = length <= 2 * LONG_STRETCH ? SHORT_STRETCH : LONG_STRETCH;
        int stretches = Math.ceilDiv(length, stretch);
        GlobalSpace own = space.globals();
        own.fit(tokens.length, rows, stretches);
        MemorySegment read = space.read(); // [T, N]
        for (int g = 0; g < tokens.length; g++) {
            long at = (long) tokens[g] * width * Float.BYTES;
            MemorySegment.copy(read, FLOAT, at, own.inputs(), g * width, width);
        }
        crew.run(heads, (head, worker) -> fold(head, own, tokens.length));
        crew.run(
                stretches,
                (item, worker) -> {
                    int from = start + item * stretch;
                    int to = Math.min(start + length, from + stretch);
                    GlobalSums sums = own.stretch(item);
                    sums.clear(rows);
                    sums.add(read, layout, own.folded(), tokens, causal, from, to);
                });
        GlobalSums all = own.stretch(0);
        for (int item = 1; item < stretches; item++) {
            all.merge(own.stretch(item));
        }
        float[] means = all.means(); // [H * G, N]
        crew.run(heads, (head, worker) -> unfold(head, own, means, tokens.length, output));
    }

    /** {@code Wkt q}, the query of one head in terms of the input, for each global token. */
    private void fold(int head, GlobalSpace space, int globals) {
        long weightAt = (long) head * headSize * width * Float.BYTES;
        float[] q = space.queries();
        int at = head * globals * headSize;
        RowDots.compute(
                space.inputs(),
                0,
                globals,
                query.weight(),
                weightAt,
                headSize,
                width,
                q,
                at,
                headSize);
        for (int i = 0; i < globals * headSize; i++) {
            q[at + i] = (q[at + i] + query.bias(head * headSize + i % headSize)) * scale;
        }
        float[] folded = space.folded();
        int to = head * globals * width;
        Arrays.fill(folded, to, to + globals * width, 0);
        RowSums.add(q, at, headSize, globals, key.weight(), weightAt, headSize, width, folded, to);
    }

    /** {@code Wv (sum p x) + bv} of one head, for each global token. */
    private void unfold(
            int head, GlobalSpace space, float[] means, int globals, MemorySegment output) {
        long weightAt = (long) head * headSize * width * Float.BYTES;
        float[] context = space.contexts();
        int first = head * globals * headSize;
        RowDots.compute(
                means,
                head * globals * width,
                globals,
                value.weight(),
                weightAt,
                headSize,
                width,
                context,
                first,
                headSize);
        for (int i = 0; i < globals * headSize; i++) {
            int column = head * headSize + i % headSize;
            long at = ((long) i / headSize * width + column) * Float.BYTES;
            output.set(FLOAT, at, context[first + i] + value.bias(column));
        }
    }
}
