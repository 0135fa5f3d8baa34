package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.config.LongformerConfig;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings and layers. Borrows its weights and holds nothing between calls that an answer could
 * depend on, so several threads may run it at once as far as the attention backend allows. Over
 * {@link PackedWeights} it runs packed layers in memory that is used again from call to call.
 */
public final class LongformerEncoder {
    private final InferenceEncoder inference;
    private final int layers;

    /** An encoder over weights that outlive it. */
    public LongformerEncoder(Weights weights, LongformerConfig config) {
        this(weights, config, ExactSavings.all());
    }

    /**
     * The same with a choice of what is left out, for comparing: the answer is the same.
     *
     * @param savings that are on
     */
    public LongformerEncoder(Weights weights, LongformerConfig config, ExactSavings savings) {
        this(weights, config, savings, null);
    }

    /**
     * The same that takes turns with whatever else computes in this process.
     *
     * @param crew whose turn a layer on the engine's threads waits for, or null for none; packed
     *     layers run on the crew of their kernels
     */
    public LongformerEncoder(
            Weights weights,
            LongformerConfig config,
            ExactSavings savings,
            @Nullable ComputeCrew crew) {
        this(weights, config, savings, crew, TrainingKernels.engineOnly("none were given"));
    }

    /**
     * The same for training over the engine's arrays.
     *
     * @param kernels that layers are trained with; stay the caller's, open for as long as this is
     *     used
     */
    public LongformerEncoder(Weights weights, LongformerConfig config, TrainingKernels kernels) {
        this(weights, config, ExactSavings.all(), null, kernels);
    }

    private LongformerEncoder(
            Weights weights,
            LongformerConfig config,
            ExactSavings savings,
            @Nullable ComputeCrew crew,
            TrainingKernels kernels) {
        layers = config.layers();
        inference =
                weights instanceof PackedWeights packed
                        ? new PackedEncoder(packed, config, savings)
                        : new EngineEncoder(weights, config, savings, crew, kernels);
    }

    /**
     * Bytes that packed layers work in for a batch of so many tokens: kept between calls, as large
     * as the largest batch. Calls at the same time have one each.
     */
    public static long workspaceBytes(LongformerConfig config, long tokens) {
        return Workspace.bytes(config, tokens);
    }

    /**
     * Encodes a batch.
     *
     * @param attention runs every layer's window; stays the caller's
     * @param manager receives the result
     * @return the hidden state after the last layer, and after the last normalisation of a pre-norm
     *     model, [T, N]
     */
    public NDArray forward(TokenBatch batch, AttentionBackend attention, NDManager manager) {
        return inference.forward(batch, QueryRows.all(), attention, manager); // [T, N]
    }

    /**
     * Encodes a batch for some of its tokens: what a head reads that looks at the first token, at
     * masks or at labels. Layers before the last run whole, since every token may be read by the
     * next; the last runs for the rows alone (see {@link ExactSavings#neededRows}).
     *
     * @param rows wanted, packed indices of the batch
     * @param attention runs every layer's window; stays the caller's. One that takes no query rows
     *     computes all of the last layer's attention, and the rest is saved all the same
     * @param manager receives the result
     * @return the hidden state after the last layer at the rows, in their order, [R, N]
     * @throws IllegalArgumentException when a row is beyond the batch
     */
    public NDArray forward(
            TokenBatch batch, QueryRows rows, AttentionBackend attention, NDManager manager) {
        return inference.forward(batch, rows, attention, manager); // [R, N]
    }

    /**
     * What attention of one layer is made of at some rows, for looking at it. Runs the layers
     * before it.
     *
     * @param layer index from 0
     * @param rows packed indices of the batch
     * @param attention runs the windows of the layers before; stays the caller's
     * @param manager receives the arrays of the probe
     * @throws IndexOutOfBoundsException when there is no such layer or row
     */
    public LayerProbe probe(
            TokenBatch batch,
            int layer,
            int[] rows,
            AttentionBackend attention,
            NDManager manager) {
        Objects.checkIndex(layer, layers);
        IntStream.of(rows).forEach(row -> Objects.checkIndex(row, batch.layout().tokens()));
        return inference.probe(batch, layer, rows, attention, manager);
    }

    /**
     * Encodes a batch so that gradients can be taken, through a backend of either kind.
     *
     * @param attention runs every layer's window; stays the caller's, open until the pass is closed
     * @param manager above the pass's own
     * @return a pass for the caller to close
     */
    public EncoderPass pass(
            TokenBatch batch,
            AttentionBackend attention,
            Activations activations,
            NDManager manager) {
        return pass(batch, attention, activations, null, manager);
    }

    /**
     * The same with dropout at the configuration's rates: of attention probabilities, of the
     * embeddings, and of what attention and feed-forward part add to a token.
     *
     * @param dropout the randomness of the batch, or null for none
     */
    public EncoderPass pass(
            TokenBatch batch,
            AttentionBackend attention,
            Activations activations,
            @Nullable DropoutDraw dropout,
            NDManager manager) {
        return pass(batch, attention, activations, dropout, EncoderPass.EMBEDDINGS, manager);
    }

    /**
     * The same for a part of the weights: the way back ends at a layer, and what is below is run
     * without being recorded.
     *
     * @param lowest layer that has a weight with a gradient, {@link EncoderPass#EMBEDDINGS} for
     *     those, or the number of layers when only what follows them has
     */
    public EncoderPass pass(
            TokenBatch batch,
            AttentionBackend attention,
            Activations activations,
            @Nullable DropoutDraw dropout,
            int lowest,
            NDManager manager) {
        return switch (inference) {
            case EngineEncoder engine ->
                    engine.pass(batch, attention, activations, dropout, lowest, manager);
            case PackedEncoder _ ->
                    throw new IllegalStateException(
                            "the encoder has packed layers, and nothing goes back through them");
        };
    }

    /**
     * Encodes a batch and keeps every hidden state, for parity checks.
     *
     * @return layers + 1 arrays [T, N]: the embeddings, then the output of each layer, the last one
     *     normalised in a pre-norm model, all in the given manager
     */
    public NDList forwardAll(TokenBatch batch, AttentionBackend attention, NDManager manager) {
        return inference.forwardAll(batch, attention, manager); // each [T, N]
    }
}
