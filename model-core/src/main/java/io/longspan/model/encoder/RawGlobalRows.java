package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of a few global tokens by {@link GlobalRows}' folding, in raw memory and on the crew:
 * the sequence is read once, each weight once. With arrays the same took longer for one global
 * token than all of a short text's attention. A row's bits depend on its sequence alone. Threads
 * may share it.
 */
final class RawGlobalRows {
    /** Global tokens of a sequence beyond which products of arrays are faster. */
    private static final int MOST = 8;

    /** Tokens of an item of work; fixed, since where sums begin decides their last bits. */
    private static final int STRETCH = 512;

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

    /** Whether rows are computed here: so few of a sequence that reading it is most of the work. */
    static boolean takes(SequenceLayout layout, int[] wanted) {
        return RowProducts.available()
                && IntStream.range(0, layout.sequences())
                        .allMatch(b -> GlobalRows.inSequence(layout, wanted, b).length <= MOST);
    }

    /**
     * Computes some global rows.
     *
     * @param read the layer's input, [T, N]
     * @param wanted packed indices of global tokens, ascending, at least one
     * @param output receives one row each in their order, [wanted, N]
     */
    void forward(
            MemorySegment read,
            SequenceLayout layout,
            int[] wanted,
            ComputeCrew crew,
            MemorySegment output) {
        int first = 0;
        for (int b = 0; b < layout.sequences(); b++) {
            int start = layout.start(b);
            int[] tokens =
                    Arrays.stream(GlobalRows.inSequence(layout, wanted, b))
                            .map(t -> t + start)
                            .toArray();
            if (tokens.length > 0) {
                long at = (long) first * width * Float.BYTES;
                long bytes = (long) tokens.length * width * Float.BYTES;
                forward(read, layout, b, tokens, crew, output.asSlice(at, bytes));
                first += tokens.length;
            }
        }
    }

    /** The rows of one sequence; they are numbered token by token, and head by head in a token. */
    private void forward(
            MemorySegment read,
            SequenceLayout layout,
            int b,
            int[] tokens,
            ComputeCrew crew,
            MemorySegment output) {
        int globals = tokens.length;
        int rows = globals * heads;
        float[] inputs = new float[globals * width]; // [G, N]
        for (int g = 0; g < globals; g++) {
            long at = (long) tokens[g] * width * Float.BYTES;
            MemorySegment.copy(read, FLOAT, at, inputs, g * width, width);
        }
        float[] folded = new float[rows * width]; // [G * H, N]
        crew.run(heads, (head, worker) -> fold(head, inputs, globals, folded));

        int start = layout.start(b);
        int length = layout.length(b);
        GlobalSums[] sums = new GlobalSums[Math.ceilDiv(length, STRETCH)];
        crew.run(
                sums.length,
                (item, worker) -> {
                    int from = start + item * STRETCH;
                    int to = Math.min(start + length, from + STRETCH);
                    GlobalSums own = new GlobalSums(rows, width);
                    own.add(read, layout, folded, tokens, causal, from, to);
                    sums[item] = own;
                });
        for (int item = 1; item < sums.length; item++) {
            sums[0].merge(sums[item]);
        }
        crew.run(heads, (head, worker) -> unfold(head, sums[0], globals, output));
    }

    /** {@code Wkt q}, the query of one head in terms of the input, for each global token. */
    private void fold(int head, float[] inputs, int globals, float[] folded) {
        long at = (long) head * headSize * width * Float.BYTES;
        float[] q = new float[globals * headSize]; // [G, D]
        RowProducts.dots(inputs, 0, globals, query.weight(), at, headSize, width, q, 0, headSize);
        float[] own = new float[globals * width]; // [G, N]
        for (int i = 0; i < q.length; i++) {
            q[i] = (q[i] + query.bias(head * headSize + i % headSize)) * scale;
        }
        RowProducts.accumulate(q, 0, headSize, globals, key.weight(), at, headSize, width, own, 0);
        for (int g = 0; g < globals; g++) {
            System.arraycopy(own, g * width, folded, (g * heads + head) * width, width);
        }
    }

    /** {@code Wv (sum p x) + bv} of one head, for each global token. */
    private void unfold(int head, GlobalSums sums, int globals, MemorySegment output) {
        long weightAt = (long) head * headSize * width * Float.BYTES;
        float[] mean = new float[globals * width]; // [G, N]
        for (int g = 0; g < globals; g++) {
            int row = g * heads + head;
            for (int i = 0; i < width; i++) {
                mean[g * width + i] = sums.mean(row, i);
            }
        }
        float[] context = new float[globals * headSize]; // [G, D]
        RowProducts.dots(
                mean, 0, globals, value.weight(), weightAt, headSize, width, context, 0, headSize);
        for (int i = 0; i < context.length; i++) {
            int column = head * headSize + i % headSize;
            long at = ((long) i / headSize * width + column) * Float.BYTES;
            output.set(FLOAT, at, context[i] + value.bias(column));
        }
    }
}
