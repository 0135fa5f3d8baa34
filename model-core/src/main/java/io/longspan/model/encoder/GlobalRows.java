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
import io.longspan.model.tensor.Autograd;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
 * there are. That holds for training as well, where {@link GlobalRowsPass} computes each tile once
 * more on the way back instead of having the engine keep the probabilities of all, [H, G, L].
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
    private final float dropoutRate;

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
        dropoutRate = pattern.dropout();
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
        return forward(hidden, layout, null);
    }

    /**
     * The same with dropout of the probabilities. The mask is the window's: a row of it that no
     * backend reads, since it computes no row of a global token.
     *
     * @param dropout the randomness of the layer, or null for none
     */
    NDArray forward(NDArray hidden, SequenceLayout layout, @Nullable AttentionDropout dropout) {
        return forward(hidden, layout, layout.globals(), dropout);
    }

    /**
     * Computes some global rows.
     *
     * @param hidden [T, N], the layer's input
     * @param wanted packed indices of global tokens, ascending, at least one
     * @param dropout the randomness of the layer, or null for none
     * @return one row each in their order, [wanted, N], in the manager of the input
     */
    NDArray forward(
            NDArray hidden,
            SequenceLayout layout,
            int[] wanted,
            @Nullable AttentionDropout dropout) {
        NDList rows = new NDList();
        for (int b = 0; b < layout.sequences(); b++) {
            int[] globals = inSequence(layout, wanted, b);
            if (globals.length > 0) {
                try (NDManager scope = hidden.getManager().newSubManager();
                        Lent lent = Lent.to(scope, hidden)) {
                    NDArray sequence = sequence(hidden, layout, b); // [L, N]
                    Visible visible = Visible.of(layout, b, causal);
                    DropoutMask mask = mask(dropout, b);
                    NDArray out =
                            folds(globals.length)
                                    ? folded(sequence, globals, visible, mask)
                                    : projected(sequence, globals, visible, mask); // [G, N]
                    rows.add(lent.giveBack(out));
                }
            }
        }
        return joinRows(rows); // [wanted, N]
    }

    /** What to throw where a layer has none. */
    static IllegalStateException missing() {
        return new IllegalStateException(
                "the batch has global tokens and the checkpoint has no global projections");
    }

    /** Whether a sequence with so many globals folds the projections away. */
    boolean folds(int globals) {
        return globals <= mostFolded;
    }

    /**
     * Adds what one sequence's rows give to the gradients of the layer's input and of the global
     * projections. What {@link #forward} made of the sequence is made once more, tile by tile.
     *
     * @param hidden [T, N], the layer's input, a leaf
     * @param tokens of the rows, indices in the sequence, all of {@link #forward}'s
     * @param gradient of the rows, [G, N]; receives every temporary in a manager below its own
     */
    void backward(
            NDArray hidden,
            SequenceLayout layout,
            int b,
            int[] tokens,
            @Nullable AttentionDropout dropout,
            NDArray gradient) {
        try (Autograd.Mode _ = Autograd.recording();
                NDManager scope = gradient.getManager().newSubManager();
                Lent _ = Lent.to(scope, gradient);
                Lent _ = Lent.to(scope, hidden)) {
            Visible visible = Visible.of(layout, b, causal);
            DropoutMask mask = mask(dropout, b);
            if (folds(tokens.length)) {
                NDArray rows = folded(sequence(hidden, layout, b), tokens, visible, mask); // [G, N]
                Autograd.backward(rows, gradient);
                return;
            }
            // A view of the sequence for each: the three graphs meet in the leaf only.
            NDArray queries = queries(sequence(hidden, layout, b), tokens); // [G, N]
            NDArray keys = key.apply(sequence(hidden, layout, b)); // [L, N]
            NDArray values = value.apply(sequence(hidden, layout, b)); // [L, N]
            NDArray queryLeaf = Autograd.leaf(queries, scope); // [G, N]
            NDArray keyLeaf = Autograd.leaf(keys, scope); // [L, N]
            NDArray valueLeaf = Autograd.leaf(values, scope); // [L, N]
            for (int first = 0; first < tokens.length; first += TILE) {
                int last = Math.min(tokens.length, first + TILE);
                try (NDManager tile = scope.newSubManager();
                        Lent _ = Lent.to(tile, queryLeaf);
                        Lent _ = Lent.to(tile, keyLeaf);
                        Lent _ = Lent.to(tile, valueLeaf);
                        Lent _ = Lent.to(tile, gradient)) {
                    NDArray rows =
                            tile(
                                    queryLeaf,
                                    headFirst(keyLeaf).transpose(0, 2, 1),
                                    headFirst(valueLeaf),
                                    tokens,
                                    first,
                                    last,
                                    visible,
                                    mask); // [tile, N]
                    Autograd.backward(rows, gradient.get(new NDIndex("{}:{}", first, last)));
                }
            }
            Autograd.backward(queries, Autograd.gathered(queryLeaf, scope));
            Autograd.backward(keys, Autograd.gathered(keyLeaf, scope));
            Autograd.backward(values, Autograd.gathered(valueLeaf, scope));
        }
    }

    /** Those of some packed indices that lie in a sequence, as indices in it. */
    static int[] inSequence(SequenceLayout layout, int[] tokens, int b) {
        int start = layout.start(b);
        int end = layout.end(b);
        return IntStream.of(tokens)
                .filter(t -> start <= t && t < end)
                .map(t -> t - start)
                .toArray();
    }

    private static NDArray sequence(NDArray hidden, SequenceLayout layout, int b) {
        return hidden.get(new NDIndex("{}:{}", layout.start(b), layout.end(b))); // [L, N]
    }

    private @Nullable DropoutMask mask(@Nullable AttentionDropout dropout, int b) {
        return dropout == null ? null : dropout.mask(b, dropoutRate);
    }

    /** The queries of rows, not scaled, [R, N]. */
    NDArray query(NDArray rows) {
        return query.apply(rows);
    }

    /** The keys of rows, [R, N]. */
    NDArray key(NDArray rows) {
        return key.apply(rows);
    }

    private NDArray folded(
            NDArray sequence, int[] tokens, Visible visible, @Nullable DropoutMask mask) {
        long globals = tokens.length;
        long length = sequence.getShape().get(0);
        long hiddenSize = sequence.getShape().get(1);
        NDArray q = headFirst(queries(sequence, tokens)); // [H, G, D]
        NDArray keyWeight = perHead(key.weight(), sequence); // [H, D, N]
        NDArray folded = q.matMul(keyWeight).reshape(heads * globals, hiddenSize); // [H * G, N]
        NDArray scores = folded.matMul(sequence.transpose()); // [H * G, L]
        NDArray weights =
                dropped(
                        visible.softmax(scores.reshape(heads, globals, length), tokens),
                        tokens,
                        mask); // [H, G, L]
        NDArray mean = weights.reshape(heads * globals, length).matMul(sequence); // [H * G, N]
        NDArray valueWeight = perHead(value.weight(), sequence).transpose(0, 2, 1); // [H, N, D]
        NDArray context = mean.reshape(heads, globals, hiddenSize).matMul(valueWeight); // [H, G, D]
        if (mask == null) {
            return joined(context).add(value.bias()); // [G, N]
        }
        // What is kept of a row no longer sums to 1.
        NDArray kept = weights.sum(new int[] {2}, true); // [H, G, 1]
        NDArray valueBias = value.bias().reshape(heads, 1, headSize); // [H, 1, D]
        valueBias.attach(sequence.getManager());
        return joined(context.add(kept.mul(valueBias))); // [G, N]
    }

    private NDArray projected(
            NDArray sequence, int[] tokens, Visible visible, @Nullable DropoutMask mask) {
        NDArray queries = queries(sequence, tokens); // [G, N]
        NDArray keys = headFirst(key.apply(sequence)).transpose(0, 2, 1); // [H, D, L]
        NDArray values = headFirst(value.apply(sequence)); // [H, L, D]
        NDList tiles = new NDList();
        for (int first = 0; first < tokens.length; first += TILE) {
            int last = Math.min(tokens.length, first + TILE);
            try (NDManager scope = sequence.getManager().newSubManager();
                    Lent lent = Lent.to(scope, queries)) {
                tiles.add(
                        lent.giveBack(
                                tile(
                                        queries, keys, values, tokens, first, last, visible,
                                        mask))); // [tile, N]
            }
        }
        return joinRows(tiles); // [G, N]
    }

    /**
     * Some of the rows.
     *
     * @param queries [G, N]
     * @param keys [H, D, L]
     * @param values [H, L, D]
     * @param tokens of all rows, of which the tile is {@code first} to {@code last}
     * @return [tile, N], in the manager of the queries
     */
    private NDArray tile(
            NDArray queries,
            NDArray keys,
            NDArray values,
            int[] tokens,
            int first,
            int last,
            Visible visible,
            @Nullable DropoutMask mask) {
        int[] rows = Arrays.copyOfRange(tokens, first, last);
        NDArray q = headFirst(queries.get(new NDIndex("{}:{}", first, last))); // [H, tile, D]
        NDArray weights =
                dropped(visible.softmax(q.matMul(keys), rows), rows, mask); // [H, tile, L]
        return joined(weights.matMul(values)); // [tile, N]
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

    /** Probabilities [H, rows, L] times the factors of their mask. */
    private NDArray dropped(NDArray weights, int[] tokens, @Nullable DropoutMask mask) {
        if (mask == null) {
            return weights;
        }
        int length = (int) weights.getShape().get(2);
        float[] factors = new float[Math.multiplyExact(heads * tokens.length, length)];
        for (int h = 0; h < heads; h++) {
            for (int g = 0; g < tokens.length; g++) {
                mask.factors(h, tokens[g], 0, length, factors, (h * tokens.length + g) * length);
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
