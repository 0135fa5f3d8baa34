package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One transformer layer. Post-norm: attention, projection, residual, norm, feed-forward, residual,
 * norm. Pre-norm: norm, attention, projection, residual, norm, feed-forward, residual.
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
    private final LayerWindow window;
    private final HiddenDropout attentionDropout;
    private final HiddenDropout outputDropout;
    private final boolean preNorm;
    private final int headSize;
    private final boolean maskedRowsAttend;

    EncoderLayer(Weights weights, LongformerConfig config, int index) {
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
                        ? new GlobalRows(weights, name + ".attention.self", pattern, headSize)
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
            Projections projections = project(read);
            NDArray local =
                    attention.forward(
                            projections.query(),
                            projections.key(),
                            projections.value(),
                            window); // [T, H, D]
            return lent.giveBack(
                    finish(input, read, projections, local, layout, attention.dropout())); // [T, N]
        }
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
        Shape perHead = new Shape(read.getShape().get(0), pattern.heads(), headSize);
        return new Projections(
                query.apply(read).reshape(perHead),
                key.apply(read).reshape(perHead),
                value.apply(read).reshape(perHead));
    }

    /**
     * The last part of the layer: all that follows attention, and the rows that the backend leaves
     * to the layer.
     *
     * @param input [T, N]
     * @param read [T, N], from {@link #attentionInput}
     * @param local [T, H, D], the backend's output
     * @param draw the randomness of the batch, or null for none
     * @return [T, N], in the manager of {@code local}, like every temporary
     */
    NDArray finish(
            NDArray input,
            NDArray read,
            Projections projections,
            NDArray local,
            SequenceLayout layout,
            @Nullable DropoutDraw draw) {
        NDArray context = context(read, projections, local, layout, draw); // [T, N]
        NDArray added =
                attentionDropout
                        .apply(projection.apply(context), layout, draw)
                        .addi(input); // [T, N]
        NDArray attended = preNorm ? added : attentionNorm.apply(added); // [T, N]
        NDArray toWiden = preNorm ? outputNorm.apply(attended) : attended; // [T, N]
        NDArray inner = Activation.gelu(up.apply(toWiden)); // [T, F]
        NDArray sum = outputDropout.apply(down.apply(inner), layout, draw).addi(attended); // [T, N]
        return preNorm ? sum : outputNorm.apply(sum);
    }

    private NDArray context(
            NDArray read,
            Projections projections,
            NDArray local,
            SequenceLayout layout,
            @Nullable DropoutDraw draw) {
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
        if (globalRows == null) {
            throw new IllegalStateException(
                    "the batch has global tokens and the checkpoint has no global projections");
        }
        return withRows(
                flat, globalRows.forward(read, layout, window.dropout(draw)), layout.globals());
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
