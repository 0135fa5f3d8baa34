package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.linear.MatrixProducts;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@link LongformerEncoder} on the engine's arrays, a layer a turn. */
final class EngineEncoder implements InferenceEncoder {
    private final Embeddings embeddings;
    private final List<EncoderLayer> layers;
    private final ExactSavings savings;
    private final @Nullable Norm finalNorm;
    private final @Nullable ComputeCrew crew;
    private final LongformerConfig config;
    private final TrainingKernels kernels;
    private final List<WrittenLayer> written;

    /**
     * @param crew whose turn a layer waits for, or null for none
     */
    EngineEncoder(
            Weights weights,
            LongformerConfig config,
            ExactSavings savings,
            @Nullable ComputeCrew crew,
            TrainingKernels kernels) {
        this.config = config;
        this.kernels = kernels;
        written =
                kernels.products().isEmpty()
                        ? List.of()
                        : IntStream.range(0, config.layers())
                                .mapToObj(i -> WrittenLayer.of(weights, config, i, savings))
                                .toList();
        this.savings = savings;
        this.crew = crew;
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

    private NDArray embed(TokenBatch batch, NDManager manager) {
        try (ComputeCrew.Turn _ = turn()) {
            return embeddings.forward(batch, manager); // [T, N]
        }
    }

    private NDArray run(
            EncoderLayer layer, NDArray hidden, SequenceLayout layout, AttentionSession session) {
        try (ComputeCrew.Turn _ = turn()) {
            return layer.forward(hidden, layout, session); // [T, N]
        }
    }

    private ComputeCrew.Turn turn() {
        return crew == null ? () -> {} : crew.turn();
    }

    private NDArray finished(NDArray hidden) {
        return finalNorm == null ? hidden : finalNorm.apply(hidden);
    }

    /** One way forward that can be gone back through. */
    EncoderPass pass(
            TokenBatch batch,
            AttentionBackend attention,
            Activations activations,
            @Nullable DropoutDraw dropout,
            int lowest,
            NDManager manager) {
        AttentionSession session = AttentionSession.forTraining(attention, batch.layout(), dropout);
        String why = whyEngine(session, batch.layout());
        if (why != null) {
            kernels.sayFallback(why);
        }
        return why == null && session instanceof KernelSession kernel
                ? written(batch, kernel, activations, lowest, manager)
                : engine(batch, session, activations, lowest, manager);
    }

    /** Why the engine differentiates the layers of a batch, or null when it need not. */
    private @Nullable String whyEngine(AttentionSession session, SequenceLayout layout) {
        Optional<String> missing = kernels.fallback();
        if (missing.isPresent()) {
            return missing.get();
        }
        if (!(session instanceof KernelSession)) {
            return "the attention backend is composed of array operations";
        }
        return config.modelType().dense() && layout.maskedCount() > 0
                ? "masked tokens of a dense model attend"
                : null;
    }

    private EncoderPass written(
            TokenBatch batch,
            KernelSession session,
            Activations activations,
            int lowest,
            NDManager manager) {
        MatrixProducts products = kernels.products().orElseThrow();
        int tokens = batch.layout().tokens();
        Tiling tiling = Tiling.of(tokens, products.threads());
        WrittenSpace space = null;
        WrittenPass pass = null;
        try {
            space = kernels.take(config, tiling, products.threads());
            pass =
                    new WrittenPass(
                            embeddings,
                            written,
                            finalNorm,
                            batch,
                            KeepPlan.of(
                                    activations,
                                    kernels.keptBytes(),
                                    config,
                                    Math.max(0, lowest),
                                    tokens),
                            lowest,
                            new WrittenForward(
                                    products,
                                    space,
                                    tiling,
                                    config.hiddenSize(),
                                    config.preLayerNorm()),
                            new WrittenAttention(
                                    session,
                                    batch.layout(),
                                    space,
                                    config.preLayerNorm(),
                                    config.hiddenSize()),
                            kernels,
                            manager.newSubManager());
            pass.forward();
            return pass;
        } catch (RuntimeException | Error e) {
            if (pass != null) {
                pass.close();
            } else {
                session.close();
                if (space != null) {
                    kernels.giveBack(space);
                }
            }
            throw e;
        }
    }

    private EncoderPass engine(
            TokenBatch batch,
            AttentionSession session,
            Activations activations,
            int lowest,
            NDManager manager) {
        EnginePass pass =
                new EnginePass(
                        embeddings,
                        layers,
                        finalNorm,
                        batch,
                        session,
                        activations,
                        lowest,
                        manager.newSubManager());
        try {
            pass.forward();
            return pass;
        } catch (RuntimeException | Error e) {
            pass.close();
            throw e;
        }
    }

    @Override
    public NDArray forward(
            TokenBatch batch, QueryRows rows, AttentionBackend attention, NDManager manager) {
        SequenceLayout layout = batch.layout();
        SelectedRows wanted = SelectedRows.of(layout, rows);
        try (NDManager scope = manager.newSubManager();
                AttentionSession session = AttentionSession.open(attention, layout, savings)) {
            NDArray hidden = embed(batch, scope); // [T, N]
            for (EncoderLayer layer : layers.subList(0, layers.size() - 1)) {
                NDArray next = run(layer, hidden, layout, session); // [T, N]
                hidden.close();
                hidden = next;
            }
            try (ComputeCrew.Turn _ = turn()) {
                NDArray result;
                if (rows.isAll()) {
                    result = layers.getLast().forward(hidden, layout, session); // [T, N]
                } else if (savings.neededRows()) {
                    result = layers.getLast().forward(hidden, layout, rows, session); // [R, N]
                } else {
                    result =
                            wanted.pick(
                                    layers.getLast().forward(hidden, layout, session)); // [R, N]
                }
                NDArray state = finished(result); // [R, N]
                state.attach(manager);
                return state;
            }
        }
    }

    @Override
    public LayerProbe probe(
            TokenBatch batch,
            int layer,
            int[] rows,
            AttentionBackend attention,
            NDManager manager) {
        try (AttentionSession session = AttentionSession.open(attention, batch.layout(), savings)) {
            NDArray hidden = embed(batch, manager); // [T, N]
            for (EncoderLayer before : layers.subList(0, layer)) {
                NDArray next = run(before, hidden, batch.layout(), session); // [T, N]
                hidden.close();
                hidden = next;
            }
            return layers.get(layer).probe(hidden, rows);
        }
    }

    @Override
    public NDList forwardAll(TokenBatch batch, AttentionBackend attention, NDManager manager) {
        try (AttentionSession session = AttentionSession.open(attention, batch.layout(), savings)) {
            NDList states = new NDList(embed(batch, manager)); // [T, N]
            for (EncoderLayer layer : layers) {
                NDArray last = states.get(states.size() - 1);
                states.add(run(layer, last, batch.layout(), session)); // [T, N]
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
