package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The rows of global tokens: with projections of their own they see every unmasked token of their
 * sequence (paper, section 3.1; only those at or before them in a causal layer).
 *
 * <p>For fewer globals than the head size the projections of keys and values are folded away:
 * {@code q.(Wk x + bk)} is {@code (Wkt q).x} plus a number that is the same for every key and drops
 * out of the softmax, and {@code sum p (Wv x + bv)} is {@code Wv (sum p x) + bv}. So the sequence
 * is read twice instead of being projected twice: G/D of the work, exactly the same answer.
 *
 * <p>For more, keys and values are projected once and the rows go by in tiles: beyond the two
 * projections [L, N] and the result, memory is that of one tile's scores, however many globals
 * there are.
 */
final class GlobalRows {
    /** Query rows whose scores are held at once when keys are projected: [H, tile, L]. */
    static final int TILE = 32;

    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final int heads;
    private final int headSize;
    private final float scale;
    private final boolean causal;
    private final int mostFolded;

    /**
     * The rows of one layer.
     *
     * @param name what the names of the projections begin with
     * @param folding whether few globals fold the projections; if not, they are always projected
     */
    GlobalRows(
            Weights weights, String name, AttentionPattern pattern, int headSize, boolean folding) {
        query = weights.linear(name + ".query_global");
        key = weights.linear(name + ".key_global");
        value = weights.linear(name + ".value_global");
        heads = pattern.heads();
        scale = pattern.scale();
        causal = pattern.causal();
        this.headSize = headSize;
        mostFolded = folding ? headSize - 1 : 0;
    }

    /**
     * Computes every global row of the batch.
     *
     * @param hidden [T, N], the layer's input
     * @return one row per global token in the order of {@link SequenceLayout#globals()}, [G of the
     *     batch, N], in the manager of the input
     */
    NDArray forward(NDArray hidden, SequenceLayout layout) {
        return forward(hidden, layout, layout.globals());
    }

    /**
     * Computes some global rows.
     *
     * @param hidden [T, N], the layer's input
     * @param wanted packed indices of global tokens, ascending, at least one
     * @return one row each in their order, [wanted, N], in the manager of the input
     */
    NDArray forward(NDArray hidden, SequenceLayout layout, int[] wanted) {
        NDList rows = new NDList();
        for (int b = 0; b < layout.sequences(); b++) {
            int start = layout.start(b);
            int end = layout.end(b);
            int[] globals =
                    IntStream.of(wanted)
                            .filter(t -> start <= t && t < end)
                            .map(t -> t - start)
                            .toArray();
            if (globals.length > 0) {
                try (NDManager scope = hidden.getManager().newSubManager();
                        Lent lent = Lent.to(scope, hidden)) {
                    NDArray sequence = hidden.get(new NDIndex("{}:{}", start, end)); // [L, N]
                    Visible visible = Visible.of(layout, b, causal);
                    NDArray out =
                            globals.length <= mostFolded
                                    ? folded(sequence, globals, visible)
                                    : projected(sequence, globals, visible); // [G, N]
                    rows.add(lent.giveBack(out));
                }
            }
        }
        return joinRows(rows); // [wanted, N]
    }

    /** The queries of rows, not scaled, [R, N]. */
    NDArray query(NDArray rows) {
        return query.apply(rows);
    }

    /** The keys of rows, [R, N]. */
    NDArray key(NDArray rows) {
        return key.apply(rows);
    }

    private NDArray folded(NDArray sequence, int[] tokens, Visible visible) {
        long globals = tokens.length;
        long length = sequence.getShape().get(0);
        long hiddenSize = sequence.getShape().get(1);
        NDArray q = headFirst(queries(sequence, tokens)); // [H, G, D]
        NDArray keyWeight = perHead(key.weight(), sequence); // [H, D, N]
        NDArray folded = q.matMul(keyWeight).reshape(heads * globals, hiddenSize); // [H * G, N]
        NDArray scores = folded.matMul(sequence.transpose()); // [H * G, L]
        NDArray weights =
                visible.softmax(scores.reshape(heads, globals, length), tokens); // [H, G, L]
        NDArray mean = weights.reshape(heads * globals, length).matMul(sequence); // [H * G, N]
        NDArray valueWeight = perHead(value.weight(), sequence).transpose(0, 2, 1); // [H, N, D]
        NDArray context = mean.reshape(heads, globals, hiddenSize).matMul(valueWeight); // [H, G, D]
        return joined(context).add(value.bias()); // [G, N]
    }

    private NDArray projected(NDArray sequence, int[] tokens, Visible visible) {
        NDArray queries = queries(sequence, tokens); // [G, N]
        NDArray keys = headFirst(key.apply(sequence)).transpose(0, 2, 1); // [H, D, L]
        NDArray values = headFirst(value.apply(sequence)); // [H, L, D]
        NDList tiles = new NDList();
        for (int first = 0; first < tokens.length; first += TILE) {
            int last = Math.min(tokens.length, first + TILE);
            try (NDManager scope = sequence.getManager().newSubManager();
                    Lent lent = Lent.to(scope, queries)) {
                NDArray q =
                        headFirst(queries.get(new NDIndex("{}:{}", first, last))); // [H, tile, D]
                NDArray weights =
                        visible.softmax(
                                q.matMul(keys),
                                Arrays.copyOfRange(tokens, first, last)); // [H, tile, L]
                tiles.add(lent.giveBack(joined(weights.matMul(values)))); // [tile, N]
            }
        }
        return joinRows(tiles); // [G, N]
    }

    /**
     * The parts below each other; they are consumed. DJL's concat would copy a single part and drop
     * its gradient.
     */
    static NDArray joinRows(NDList parts) {
        if (parts.size() == 1) {
            return parts.head();
        }
        try (parts) {
            return NDArrays.concat(parts);
        }
    }

    /** The scaled queries of tokens of the sequence, [G, N]. */
    private NDArray queries(NDArray sequence, int[] tokens) {
        long[] picked = IntStream.of(tokens).asLongStream().toArray();
        NDArray rows = Rows.pick(sequence, Rows.index(sequence.getManager(), picked)); // [G, N]
        // Not mul(Number): DJL makes the number an array on memory of its own that a gradient would
        // find freed.
        NDArray factor = rows.getManager().full(new Shape(), scale);
        return query.apply(rows).mul(factor); // [G, N]
    }

    /**
     * A weight [N, N] as [H, D, N], in the manager of {@code neighbour}: a view made of a weight
     * would stay with the weights.
     */
    private NDArray perHead(NDArray weight, NDArray neighbour) {
        NDArray view = weight.reshape(heads, headSize, weight.getShape().get(1));
        view.attach(neighbour.getManager());
        return view;
    }

    /** [rows, N] to [H, rows, D]. */
    private NDArray headFirst(NDArray rows) {
        return rows.reshape(rows.getShape().get(0), heads, headSize).transpose(1, 0, 2);
    }

    /** [H, rows, D] to [rows, N]. */
    private NDArray joined(NDArray perHead) {
        return perHead.transpose(1, 0, 2)
                .reshape(perHead.getShape().get(1), (long) heads * headSize);
    }
}
