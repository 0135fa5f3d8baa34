package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ModelType;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One post-norm transformer layer: attention, projection, residual, norm, feed-forward, residual,
 * norm.
 */
final class EncoderLayer {
    private final Linear query;
    private final Linear key;
    private final Linear value;
    private final Linear projection;
    private final Norm attentionNorm;
    private final Linear up;
    private final Linear down;
    private final Norm outputNorm;
    private final @Nullable GlobalRows globalRows;
    private final AttentionPattern pattern;
    private final int headSize;
    private final boolean maskedRowsAttend;

    EncoderLayer(Weights weights, LongformerConfig config, int index, ExactSavings savings) {
        String name = "encoder.layer." + index;
        float epsilon = (float) config.layerNormEps();
        query = weights.linear(name + ".attention.self.query");
        key = weights.linear(name + ".attention.self.key");
        value = weights.linear(name + ".attention.self.value");
        projection = weights.linear(name + ".attention.output.dense");
        attentionNorm = weights.norm(name + ".attention.output.LayerNorm", epsilon);
        up = weights.linear(name + ".intermediate.dense");
        down = weights.linear(name + ".output.dense");
        outputNorm = weights.norm(name + ".output.LayerNorm", epsilon);
        pattern = config.pattern(index);
        headSize = config.headSize();
        maskedRowsAttend = config.modelType() == ModelType.ROBERTA;
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
            Projections projections = project(input);
            NDArray local =
                    attention.forward(
                            projections.query(),
                            projections.key(),
                            projections.value(),
                            pattern); // [T, H, D]
            return lent.giveBack(finish(input, projections, local, layout)); // [T, N]
        }
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
            NDList parts = new NDList();
            if (wanted.local().length > 0) {
                parts.add(localRows(input, wanted.local(), attention)); // [local, N]
            }
            if (wanted.global().length > 0) {
                parts.add(requireGlobalRows().forward(input, layout, wanted.global())); // [.., N]
            }
            if (wanted.masked() > 0) {
                parts.add(scope.zeros(new Shape(wanted.masked(), input.getShape().get(1))));
            }
            NDArray context = wanted.ordered(GlobalRows.joinRows(parts)); // [R, N]
            return lent.giveBack(finish(wanted.pick(input), context)); // [R, N]
        }
    }

    private NDArray localRows(NDArray input, int[] rows, AttentionSession attention) {
        long hiddenSize = input.getShape().get(1);
        long[] tokens = IntStream.of(rows).asLongStream().toArray();
        NDArray index = Rows.index(input.getManager(), tokens); // [R]
        NDArray k = perHead(key.apply(input)); // [T, H, D]
        NDArray v = perHead(value.apply(input)); // [T, H, D]
        if (attention.takesRows(pattern, k)) {
            NDArray q = perHead(query.apply(Rows.pick(input, index))); // [R, H, D]
            return attention
                    .forward(q, k, v, pattern, QueryRows.of(rows))
                    .reshape(rows.length, hiddenSize); // [R, N]
        }
        NDArray q = perHead(query.apply(input)); // [T, H, D]
        NDArray all = attention.forward(q, k, v, pattern); // [T, H, D]
        return Rows.pick(all.reshape(input.getShape()), index); // [R, N]
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
        NDArray chosen = Rows.pick(input, Rows.index(input.getManager(), tokens)); // [R, N]
        return new LayerProbe(
                pattern,
                maskedRowsAttend,
                query.apply(chosen), // [R, N]
                key.apply(input), // [T, N]
                Optional.ofNullable(globalRows).map(own -> own.query(chosen)), // [R, N]
                Optional.ofNullable(globalRows).map(own -> own.key(input))); // [T, N]
    }

    /** What the layer's attention is computed by. */
    AttentionPattern pattern() {
        return pattern;
    }

    /** Whether {@link #finish} reads the projections too, and not the attention output alone. */
    boolean finishReadsProjections(SequenceLayout layout) {
        return maskedRowsAttend && layout.maskedCount() > 0;
    }

    /**
     * The first part of the layer: what attention reads.
     *
     * @param input [T, N]
     */
    Projections project(NDArray input) {
        return new Projections(
                perHead(query.apply(input)),
                perHead(key.apply(input)),
                perHead(value.apply(input)));
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
     * @param local [T, H, D], the backend's output
     * @return [T, N], in the manager of {@code local}, like every temporary
     */
    NDArray finish(NDArray input, Projections projections, NDArray local, SequenceLayout layout) {
        return finish(input, context(input, projections, local, layout)); // [T, N]
    }

    /**
     * What follows attention, row by row.
     *
     * @param input [R, N]
     * @param context [R, N], the attention output of the same rows
     */
    private NDArray finish(NDArray input, NDArray context) {
        NDArray attended = attentionNorm.apply(projection.apply(context).addi(input)); // [T, N]
        NDArray inner = Activation.gelu(up.apply(attended)); // [T, F]
        return outputNorm.apply(down.apply(inner).addi(attended)); // [T, N]
    }

    private NDArray context(
            NDArray input, Projections projections, NDArray local, SequenceLayout layout) {
        long tokens = input.getShape().get(0);
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
        return withRows(flat, requireGlobalRows().forward(input, layout), layout.globals());
    }

    private GlobalRows requireGlobalRows() {
        if (globalRows == null) {
            throw new IllegalStateException(
                    "the batch has global tokens and the checkpoint has no global projections");
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
