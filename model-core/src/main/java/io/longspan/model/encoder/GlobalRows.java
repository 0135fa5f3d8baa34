package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import org.jspecify.annotations.Nullable;

/**
 * The rows of global tokens: with projections of their own they see every unmasked token of their
 * sequence (paper, section 3.1; only those at or before them in a causal layer).
 *
 * <p>For fewer globals than the head size the projections of keys and values are folded away:
 * {@code q.(Wk x + bk)} is {@code (Wkt q).x} plus a number that is the same for every key and drops
 * out of the softmax, and {@code sum p (Wv x + bv)} is {@code Wv (sum p x) + bv}. So the sequence
 * is read twice instead of being projected twice: G/D of the work, exactly the same answer.
 */
final class GlobalRows {
    /**
     * Query rows whose scores are held at once when keys are projected; bounds memory at H x tile x
     * L.
     */
    private static final int TILE = 64;

    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final int heads;
    private final int headSize;
    private final float scale;
    private final boolean causal;
    private final float dropoutRate;

    GlobalRows(Weights weights, String name, AttentionPattern pattern, int headSize) {
        query = weights.linear(name + ".query_global");
        key = weights.linear(name + ".key_global");
        value = weights.linear(name + ".value_global");
        heads = pattern.heads();
        scale = pattern.scale();
        causal = pattern.causal();
        dropoutRate = pattern.dropout();
        this.headSize = headSize;
    }

    /**
     * Computes every global row of the batch.
     *
     * @param hidden [T, N], the layer's input
     * @return one row per global token in the order of {@link SequenceLayout#globals()}, [G of the
     *     batch, N], in the manager of the input
     */
    NDArray forward(NDArray hidden, SequenceLayout layout) {
        return forward(hidden, layout, null);
    }

    /**
     * The same with dropout of the probabilities. The mask is the window's: a row of it that no
     * backend reads, since it computes no row of a global token.
     *
     * @param dropout the randomness of the layer, or null for none
     */
    NDArray forward(NDArray hidden, SequenceLayout layout, @Nullable AttentionDropout dropout) {
        NDList rows = new NDList();
        for (int b = 0; b < layout.sequences(); b++) {
            if (layout.globalCount(b) > 0) {
                try (NDManager scope = hidden.getManager().newSubManager();
                        Lent lent = Lent.to(scope, hidden)) {
                    NDArray sequence =
                            hidden.get(
                                    new NDIndex("{}:{}", layout.start(b), layout.end(b))); // [L, N]
                    NDArray out =
                            layout.globalCount(b) < headSize
                                    ? folded(sequence, layout, b, dropout)
                                    : projected(sequence, layout, b, dropout); // [G, N]
                    rows.add(lent.giveBack(out));
                }
            }
        }
        return joinRows(rows); // [G of the batch, N]
    }

    private NDArray folded(
            NDArray sequence, SequenceLayout layout, int b, @Nullable AttentionDropout dropout) {
        long globals = layout.globalCount(b);
        long hiddenSize = sequence.getShape().get(1);
        NDArray q = queries(sequence, layout, b); // [H, G, D]
        NDArray keyWeight = perHead(key.weight(), sequence); // [H, D, N]
        NDArray folded = q.matMul(keyWeight).reshape(heads * globals, hiddenSize); // [H * G, N]
        NDArray scores = folded.matMul(sequence.transpose()); // [H * G, L]
        NDArray weights =
                dropped(
                        softmax(scores.reshape(heads, globals, layout.length(b)), layout, b, 0),
                        layout,
                        b,
                        0,
                        dropout); // [H, G, L]
        NDArray mean =
                weights.reshape(heads * globals, layout.length(b)).matMul(sequence); // [H * G, N]
        NDArray valueWeight = perHead(value.weight(), sequence).transpose(0, 2, 1); // [H, N, D]
        NDArray context = mean.reshape(heads, globals, hiddenSize).matMul(valueWeight); // [H, G, D]
        if (dropout == null) {
            return joined(context).add(value.bias()); // [G, N]
        }
        // What is kept of a row no longer sums to 1.
        NDArray kept = weights.sum(new int[] {2}, true); // [H, G, 1]
        NDArray valueBias = value.bias().reshape(heads, 1, headSize); // [H, 1, D]
        valueBias.attach(sequence.getManager());
        return joined(context.add(kept.mul(valueBias))); // [G, N]
    }

    private NDArray projected(
            NDArray sequence, SequenceLayout layout, int b, @Nullable AttentionDropout dropout) {
        int globals = layout.globalCount(b);
        NDArray q = queries(sequence, layout, b); // [H, G, D]
        NDArray keys = headFirst(key.apply(sequence)).transpose(0, 2, 1); // [H, D, L]
        NDArray values = headFirst(value.apply(sequence)); // [H, L, D]
        NDList tiles = new NDList();
        for (int first = 0; first < globals; first += TILE) {
            int last = Math.min(globals, first + TILE);
            NDArray tile = q.get(new NDIndex(":, {}:{}", first, last)); // [H, tile, D]
            NDArray weights =
                    dropped(
                            softmax(tile.matMul(keys), layout, b, first),
                            layout,
                            b,
                            first,
                            dropout); // [H, tile, L]
            tiles.add(joined(weights.matMul(values))); // [tile, N]
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

    private NDArray queries(NDArray sequence, SequenceLayout layout, int b) {
        int[] globals = layout.globals(b);
        long[] local = new long[globals.length];
        for (int g = 0; g < globals.length; g++) {
            local[g] = (long) globals[g] - layout.start(b);
        }
        NDArray rows = Rows.pick(sequence, Rows.index(sequence.getManager(), local)); // [G, N]
        // Not mul(Number): DJL makes the number an array on memory of its own that a gradient would
        // find freed.
        NDArray factor = rows.getManager().full(new Shape(), scale);
        return headFirst(query.apply(rows).mul(factor)); // [H, G, D]
    }

    /**
     * Softmax over the keys that a global row sees; {@code first} is the index of the first global
     * among those of b.
     */
    private NDArray softmax(NDArray scores, SequenceLayout layout, int b, int first) {
        boolean everything = layout.maskedCount() == 0 && !causal;
        if (everything) {
            return scores.softmax(-1);
        }
        int rows = (int) scores.getShape().get(1);
        int length = layout.length(b);
        boolean[] visible = new boolean[rows * length];
        int[] globals = layout.globals(b);
        for (int g = 0; g < rows; g++) {
            int end = causal ? globals[first + g] - layout.start(b) + 1 : length;
            for (int j = 0; j < end; j++) {
                visible[g * length + j] = layout.role(layout.start(b) + j) != TokenRole.MASKED;
            }
        }
        NDManager scope = scores.getManager();
        NDArray seen =
                Rows.own(scope.create(visible, new Shape(1, rows, length)))
                        .broadcast(scores.getShape()); // [H, rows, L]
        NDArray never = scope.full(scores.getShape(), Float.NEGATIVE_INFINITY); // [H, rows, L]
        return NDArrays.where(seen, scores, never).softmax(-1);
    }

    /** Probabilities [H, rows, L] times the factors of their mask. */
    private NDArray dropped(
            NDArray weights,
            SequenceLayout layout,
            int b,
            int first,
            @Nullable AttentionDropout dropout) {
        if (dropout == null) {
            return weights;
        }
        int rows = (int) weights.getShape().get(1);
        int length = layout.length(b);
        int[] globals = layout.globals(b);
        float[] factors = new float[Math.multiplyExact(heads * rows, length)];
        DropoutMask mask = dropout.mask(b, dropoutRate);
        for (int h = 0; h < heads; h++) {
            for (int g = 0; g < rows; g++) {
                int row = globals[first + g] - layout.start(b);
                mask.factors(h, row, 0, length, factors, (h * rows + g) * length);
            }
        }
        NDArray kept = Rows.own(weights.getManager().create(factors, weights.getShape()));
        return weights.mul(kept); // [H, rows, L]
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
