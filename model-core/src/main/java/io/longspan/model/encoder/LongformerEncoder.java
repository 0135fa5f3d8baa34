package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings and layers. Holds no state between calls and borrows its weights, so several threads
 * may run it at once as far as the attention backend allows.
 */
public final class LongformerEncoder {
    private final Embeddings embeddings;
    private final List<EncoderLayer> layers;
    private final ExactSavings savings;
    private final @Nullable Norm finalNorm;

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
        this.savings = savings;
        embeddings = new Embeddings(weights, config);
        layers =
                IntStream.range(0, config.layers())
                        .mapToObj(index -> new EncoderLayer(weights, config, index, savings))
                        .toList();
        finalNorm =
                config.preLayerNorm()
                        ? weights.norm("encoder.LayerNorm", (float) config.layerNormEps())
                        : null;
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
        try (NDManager scope = manager.newSubManager();
                AttentionSession session =
                        AttentionSession.open(attention, batch.layout(), savings)) {
            NDArray hidden = embeddings.forward(batch, scope); // [T, N]
            for (EncoderLayer layer : layers) {
                NDArray next = layer.forward(hidden, batch.layout(), session); // [T, N]
                hidden.close();
                hidden = next;
            }
            NDArray state = finished(hidden); // [T, N]
            state.attach(manager);
            return state;
        }
    }

    private NDArray finished(NDArray hidden) {
        return finalNorm == null ? hidden : finalNorm.apply(hidden);
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
        SequenceLayout layout = batch.layout();
        SelectedRows wanted = SelectedRows.of(layout, rows);
        if (rows.isAll()) {
            return forward(batch, attention, manager);
        }
        try (NDManager scope = manager.newSubManager();
                AttentionSession session = AttentionSession.open(attention, layout, savings)) {
            NDArray hidden = embeddings.forward(batch, scope); // [T, N]
            for (EncoderLayer layer : layers.subList(0, layers.size() - 1)) {
                NDArray next = layer.forward(hidden, layout, session); // [T, N]
                hidden.close();
                hidden = next;
            }
            NDArray result =
                    savings.neededRows()
                            ? layers.getLast().forward(hidden, layout, rows, session)
                            : wanted.pick(
                                    layers.getLast().forward(hidden, layout, session)); // [R, N]
            NDArray finished = finished(result); // [R, N]
            finished.attach(manager);
            return finished;
        }
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
        Objects.checkIndex(layer, layers.size());
        IntStream.of(rows).forEach(row -> Objects.checkIndex(row, batch.layout().tokens()));
        try (AttentionSession session = AttentionSession.open(attention, batch.layout(), savings)) {
            NDArray hidden = embeddings.forward(batch, manager); // [T, N]
            for (EncoderLayer before : layers.subList(0, layer)) {
                NDArray next = before.forward(hidden, batch.layout(), session); // [T, N]
                hidden.close();
                hidden = next;
            }
            return layers.get(layer).probe(hidden, rows);
        }
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
        EncoderPass pass =
                new EncoderPass(
                        embeddings,
                        layers,
                        finalNorm,
                        batch,
                        AttentionSession.forTraining(attention, batch.layout(), dropout),
                        activations,
                        manager.newSubManager());
        try {
            pass.forward();
            return pass;
        } catch (RuntimeException | Error e) {
            pass.close();
            throw e;
        }
    }

    /**
     * Encodes a batch and keeps every hidden state, for parity checks.
     *
     * @return layers + 1 arrays [T, N]: the embeddings, then the output of each layer, the last one
     *     normalised in a pre-norm model, all in the given manager
     */
    public NDList forwardAll(TokenBatch batch, AttentionBackend attention, NDManager manager) {
        try (AttentionSession session = AttentionSession.open(attention, batch.layout(), savings)) {
            NDList states = new NDList(embeddings.forward(batch, manager)); // [T, N]
            for (EncoderLayer layer : layers) {
                states.add(
                        layer.forward(
                                states.get(states.size() - 1), batch.layout(), session)); // [T, N]
            }
            if (finalNorm != null) {
                try (NDArray last = states.remove(states.size() - 1)) {
                    states.add(finalNorm.apply(last)); // [T, N]
                }
            }
            return states;
        }
    }
}
