package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One transformer layer. Post-norm: attention, projection, residual, norm, feed-forward, residual,
 * norm. Pre-norm: norm, attention, projection, residual, norm, feed-forward, residual.
 */
final class EncoderLayer {
    private final Dense query;
    private final Dense key;
    private final Dense value;
    private final Dense projection;
    private final Norm attentionNorm;
    private final Dense up;
    private final Dense down;
    private final Norm outputNorm;
    private final @Nullable GlobalRows globalRows;
    private final AttentionPattern pattern;
    private final LayerWindow window;
    private final HiddenDropout attentionDropout;
    private final HiddenDropout outputDropout;
    private final boolean preNorm;
    private final int headSize;
    private final boolean maskedRowsAttend;

    EncoderLayer(Weights weights, LongformerConfig config, int index, ExactSavings savings) {
        String name = "encoder.layer." + index;
        float epsilon = (float) config.layerNormEps();
        query = weights.dense(name + ".attention.self.query");
        key = weights.dense(name + ".attention.self.key");
        value = weights.dense(name + ".attention.self.value");
        projection = weights.dense(name + ".attention.output.dense");
        attentionNorm = weights.norm(name + ".attention.output.LayerNorm", epsilon);
        up = weights.dense(name + ".intermediate.dense");
        down = weights.dense(name + ".output.dense");
        outputNorm = weights.norm(name + ".output.LayerNorm", epsilon);
        pattern = config.pattern(index);
        window =
                new LayerWindow(
                        pattern,
                        pattern.offsetBias()
                                ? weights.get(name + ".attention.self.offset_bias")
                                : null,
                        index);
        attentionDropout =
                new HiddenDropout(HiddenMask.Site.ATTENTION_OUTPUT, index, config.hiddenDropout());
        outputDropout =
                new HiddenDropout(
                        HiddenMask.Site.FEED_FORWARD_OUTPUT, index, config.hiddenDropout());
        preNorm = config.preLayerNorm();
        headSize = config.headSize();
        maskedRowsAttend = config.modelType().dense();
        globalRows =
                weights.has(name + ".attention.self.query_global.weight")
                        ? new GlobalRows(
                                weights,
                                name + ".attention.self",
                                pattern,
                                headSize,
                                savings.foldedGlobals())
                        : null;
    }

    /**
     * Runs the layer.
     *
     * @param input [T, N]; stays the caller's
     * @return [T, N], in the manager of the input
     */
    NDArray forward(NDArray input, SequenceLayout layout, AttentionSession attention) {
        NDManager home = input.getManager();
        try (NDManager scope = home.newSubManager();
                Lent lent = Lent.to(scope, input)) {
            NDArray read = attentionInput(input); // [T, N]
            return lent.giveBack(forward(input, read, layout, attention, null)); // [T, N]
        }
    }

    /**
     * The same from what attention reads.
     *
     * @param input [T, N]; stays the caller's
     * @param read [T, N], from {@link #attentionInput}; stays the caller's
     * @param globals of {@code read}, or null to have the rows of global tokens computed with the
     *     others
     * @return [T, N], in the manager of {@code read}, like every temporary
     */
    NDArray forward(
            NDArray input,
            NDArray read,
            SequenceLayout layout,
            AttentionSession attention,
            @Nullable GlobalRowsPass globals) {
        Projections projections = project(read);
        NDArray local =
                attention.forward(
                        projections.query(),
                        projections.key(),
                        projections.value(),
                        window); // [T, H, D]
        return finish(
                input, read, projections, local, layout, attention.dropout(), globals); // [T, N]
    }

    /**
     * The rows of global tokens outside of what the engine records, where it would keep more for
     * the way back than the size of the layer's input; else null.
     *
     * @param read [T, N], from {@link #attentionInput}, a leaf; stays the caller's
     * @param draw the randomness of the batch, or null for none
     */
    @Nullable GlobalRowsPass globalPass(
            NDArray read, SequenceLayout layout, @Nullable DropoutDraw draw) {
        return cutsGlobals(layout)
                ? GlobalRowsPass.run(requireGlobalRows(), read, layout, window.dropout(draw))
                : null;
    }

    /** Whether {@link #globalPass} makes a pass. */
    boolean cutsGlobals(SequenceLayout layout) {
        return layout.mostGlobals() > 0 && !requireGlobalRows().folds(layout.mostGlobals());
    }

    /**
     * Runs the layer for some rows only: keys and values are those of all tokens, everything else
     * is done for the rows alone. A global token among them costs no local query, and when all of
     * them are global the backend is not called.
     *
     * @param input [T, N]; stays the caller's
     * @param rows wanted, a list
     * @return [R, N] in the order of the rows, in the manager of the input
     */
    NDArray forward(
            NDArray input, SequenceLayout layout, QueryRows rows, AttentionSession attention) {
        NDManager home = input.getManager();
        try (NDManager scope = home.newSubManager();
                Lent lent = Lent.to(scope, input)) {
            SelectedRows wanted = SelectedRows.of(layout, rows);
            if (maskedRowsAttend && wanted.masked() > 0) {
                NDArray all = forward(input, layout, attention); // [T, N]
                return lent.giveBack(wanted.pick(all)); // [R, N]
            }
            NDArray read = attentionInput(input); // [T, N]
            NDList parts = new NDList();
            if (wanted.local().length > 0) {
                parts.add(localRows(read, wanted.local(), attention)); // [local, N]
            }
            if (wanted.global().length > 0) {
                AttentionDropout dropout = window.dropout(attention.dropout());
                parts.add(
                        requireGlobalRows()
                                .forward(read, layout, wanted.global(), dropout)); // [global, N]
            }
            if (wanted.masked() > 0) {
                parts.add(scope.zeros(new Shape(wanted.masked(), input.getShape().get(1))));
            }
            NDArray context = wanted.ordered(GlobalRows.joinRows(parts)); // [R, N]
            return lent.giveBack(
                    finish(
                            wanted.pick(input),
                            context,
                            layout,
                            rows,
                            attention.dropout())); // [R, N]
        }
    }

    private NDArray localRows(NDArray read, int[] rows, AttentionSession attention) {
        long hiddenSize = read.getShape().get(1);
        long[] tokens = IntStream.of(rows).asLongStream().toArray();
        NDArray index = Rows.index(read.getManager(), tokens); // [R]
        NDArray k = perHead(key.apply(read)); // [T, H, D]
        NDArray v = perHead(value.apply(read)); // [T, H, D]
        if (attention.takesRows(window, k)) {
            NDArray q = perHead(query.apply(Rows.pick(read, index))); // [R, H, D]
            return attention
                    .forward(q, k, v, window, QueryRows.of(rows))
                    .reshape(rows.length, hiddenSize); // [R, N]
        }
        NDArray q = perHead(query.apply(read)); // [T, H, D]
        NDArray all = attention.forward(q, k, v, window); // [T, H, D]
        return Rows.pick(all.reshape(read.getShape()), index); // [R, N]
    }

    /**
     * What the scores of some rows are made of.
     *
     * @param input [T, N]; stays the caller's
     * @param rows packed indices
     * @return in the manager of the input
     */
    LayerProbe probe(NDArray input, int[] rows) {
        long[] tokens = IntStream.of(rows).asLongStream().toArray();
        NDArray read = attentionInput(input); // [T, N]
        NDArray chosen = Rows.pick(read, Rows.index(read.getManager(), tokens)); // [R, N]
        return new LayerProbe(
                window.pattern(),
                Optional.ofNullable(window.offsetBias()),
                maskedRowsAttend,
                query.apply(chosen), // [R, N]
                key.apply(read), // [T, N]
                Optional.ofNullable(globalRows).map(own -> own.query(chosen)), // [R, N]
                Optional.ofNullable(globalRows).map(own -> own.key(read))); // [T, N]
    }

    /** What the layer's window is computed by. */
    LayerWindow window() {
        return window;
    }

    /** Whether {@link #attentionInput} is another array than the input. */
    boolean preNorm() {
        return preNorm;
    }

    /** What attention reads of the layer's input, [T, N]: the input itself in a post-norm layer. */
    NDArray attentionInput(NDArray input) {
        return preNorm ? attentionNorm.apply(input) : input;
    }

    /** Whether {@link #finish} reads the projections too, and not the attention output alone. */
    boolean finishReadsProjections(SequenceLayout layout) {
        return maskedRowsAttend && layout.maskedCount() > 0;
    }

    /**
     * The first part of the layer: queries, keys and values.
     *
     * @param read [T, N], from {@link #attentionInput}
     */
    Projections project(NDArray read) {
        return new Projections(
                perHead(query.apply(read)), perHead(key.apply(read)), perHead(value.apply(read)));
    }

    /** [R, N] as [R, H, D]. */
    private NDArray perHead(NDArray rows) {
        return rows.reshape(rows.getShape().get(0), pattern.heads(), headSize);
    }

    /**
     * The last part of the layer: all that follows attention, and the rows that the backend leaves
     * to the layer.
     *
     * @param input [T, N]
     * @param read [T, N], from {@link #attentionInput}
     * @param local [T, H, D], the backend's output
     * @param draw the randomness of the batch, or null for none
     * @param globals the rows of global tokens, or null to have them computed
     * @return [T, N], in the manager of {@code local}, like every temporary
     */
    NDArray finish(
            NDArray input,
            NDArray read,
            Projections projections,
            NDArray local,
            SequenceLayout layout,
            @Nullable DropoutDraw draw,
            @Nullable GlobalRowsPass globals) {
        NDArray context = context(read, projections, local, layout, draw, globals); // [T, N]
        return finish(input, context, layout, QueryRows.all(), draw); // [T, N]
    }

    /**
     * What follows attention, row by row.
     *
     * @param input [R, N]
     * @param context [R, N], the attention output of the same rows
     * @param rows which they are
     */
    private NDArray finish(
            NDArray input,
            NDArray context,
            SequenceLayout layout,
            QueryRows rows,
            @Nullable DropoutDraw draw) {
        NDArray added =
                attentionDropout
                        .apply(projection.apply(context), rows, layout, draw)
                        .addi(input); // [R, N]
        NDArray attended = preNorm ? added : attentionNorm.apply(added); // [R, N]
        NDArray toWiden = preNorm ? outputNorm.apply(attended) : attended; // [R, N]
        NDArray inner = Activation.gelu(up.apply(toWiden)); // [R, F]
        NDArray sum =
                outputDropout.apply(down.apply(inner), rows, layout, draw).addi(attended); // [R, N]
        return preNorm ? sum : outputNorm.apply(sum);
    }

    private NDArray context(
            NDArray read,
            Projections projections,
            NDArray local,
            SequenceLayout layout,
            @Nullable DropoutDraw draw,
            @Nullable GlobalRowsPass globals) {
        long tokens = read.getShape().get(0);
        NDArray flat = local.reshape(tokens, (long) pattern.heads() * headSize); // [T, N]
        if (finishReadsProjections(layout)) {
            int[] masked = MaskedRows.tokens(layout);
            flat =
                    masked.length == 0
                            ? flat
                            : withRows(
                                    flat,
                                    MaskedRows.forward(
                                            projections.query(),
                                            projections.key(),
                                            projections.value(),
                                            layout,
                                            pattern.scale()),
                                    masked);
        }
        if (layout.mostGlobals() == 0) {
            return flat;
        }
        NDArray rows =
                globals == null
                        ? requireGlobalRows().forward(read, layout, window.dropout(draw))
                        : globals.output(); // [G of the batch, N]
        return withRows(flat, rows, layout.globals()); // [T, N]
    }

    private GlobalRows requireGlobalRows() {
        if (globalRows == null) {
            throw GlobalRows.missing();
        }
        return globalRows;
    }

    /** Puts row i of {@code rows} in the place of token {@code places[i]}. */
    private static NDArray withRows(NDArray local, NDArray rows, int[] places) {
        long tokens = local.getShape().get(0);
        long[] from = LongStream.range(0, tokens).toArray();
        for (int i = 0; i < places.length; i++) {
            from[places[i]] = tokens + i;
        }
        NDArray both = NDArrays.concat(new NDList(local, rows)); // [T + rows, N]
        return Rows.pick(both, Rows.index(local.getManager(), from)); // [T, N]
    }
}
