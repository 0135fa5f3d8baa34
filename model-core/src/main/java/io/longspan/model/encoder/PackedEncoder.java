package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.QueryRows;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.tensor.TensorBridge;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** {@link LongformerEncoder} on packed layers: inference only, in memory that is used again. */
final class PackedEncoder implements InferenceEncoder {
    private final RawEmbeddings embeddings;
    private final List<PackedLayer> layers;
    private final @Nullable RawNorm finalNorm;
    private final ExactSavings savings;
    private final ProductPrecision products;
    private final PackedShape shape;
    private final RowJobs jobs;
    private final Workspaces spaces;

    PackedEncoder(PackedWeights weights, LongformerConfig config, ExactSavings savings) {
        this.savings = savings;
        products = weights.products();
        shape = PackedShape.of(config);
        ComputeCrew crew = weights.kernels().crew();
        jobs = new RowJobs(crew);
        spaces = weights.keep(new Workspaces(config, crew.threads()));
        embeddings = new RawEmbeddings(weights, config);
        layers =
                IntStream.range(0, config.layers())
                        .mapToObj(index -> PackedLayer.of(weights, config, index, savings))
                        .toList();
        finalNorm =
                config.preLayerNorm()
                        ? new RawNorm(
                                weights.norm("encoder.LayerNorm", (float) config.layerNormEps()))
                        : null;
    }

    @Override
    public NDArray forward(
            TokenBatch batch, QueryRows rows, AttentionBackend attention, NDManager manager) {
        int count = rows.count(batch.layout());
        SelectedRows wanted = SelectedRows.of(batch.layout(), rows);
        return embedded(
                batch,
                attention,
                manager,
                (pass, space) -> {
                    for (PackedLayer layer : layers.subList(0, layers.size() - 1)) {
                        pass.run(layer, QueryRows.all());
                    }
                    boolean some = savings.neededRows() && !rows.isAll();
                    pass.run(layers.getLast(), some ? rows : QueryRows.all());
                    int left = some ? count : batch.layout().tokens();
                    finished(pass, space, left);
                    NDArray result = copy(space, left, manager); // [R or T, N]
                    if (some || rows.isAll()) {
                        return result;
                    }
                    try (result) {
                        return wanted.pick(result); // [R, N]
                    }
                });
    }

    @Override
    public NDList forwardAll(TokenBatch batch, AttentionBackend attention, NDManager manager) {
        int tokens = batch.layout().tokens();
        return embedded(
                batch,
                attention,
                manager,
                (pass, space) -> {
                    NDList states = new NDList(copy(space, tokens, manager)); // [T, N]
                    for (PackedLayer layer : layers) {
                        pass.run(layer, QueryRows.all());
                        if (states.size() == layers.size()) {
                            finished(pass, space, tokens);
                        }
                        states.add(copy(space, tokens, manager)); // [T, N]
                    }
                    return states;
                });
    }

    @Override
    public LayerProbe probe(
            TokenBatch batch,
            int index,
            int[] rows,
            AttentionBackend attention,
            NDManager manager) {
        return embedded(
                batch,
                attention,
                manager,
                (pass, space) -> {
                    for (PackedLayer before : layers.subList(0, index)) {
                        pass.run(before, QueryRows.all());
                    }
                    PackedLayer layer = layers.get(index);
                    int tokens = batch.layout().tokens();
                    if (shape.preNorm()) {
                        pass.norm(layer.attentionNorm(), space.hidden(), space.read(), tokens);
                    }
                    return probe(layer, space.readArray(tokens, manager).duplicate(), rows);
                });
    }

    /**
     * @param read [T, N]
     */
    private LayerProbe probe(PackedLayer layer, NDArray read, int[] rows) {
        long[] tokens = IntStream.of(rows).asLongStream().toArray();
        NDArray chosen = Rows.pick(read, Rows.index(read.getManager(), tokens)); // [R, N]
        NDArray both = layer.keyValue().apply(read, null); // [T, 2N]
        return new LayerProbe(
                layer.window().pattern(),
                Optional.ofNullable(layer.window().offsetBias()),
                shape.maskedRowsAttend(),
                layer.query().apply(chosen, null), // [R, N]
                both.get(new NDIndex(":, 0:{}", shape.width())), // [T, N]
                Optional.ofNullable(layer.globalRows())
                        .map(own -> own.many().query(chosen)), // [R, N]
                Optional.ofNullable(layer.globalRows()).map(own -> own.many().key(read))); // [T, N]
    }

    /** Does something with a batch whose embeddings are in a workspace. */
    private <A> A embedded(
            TokenBatch batch,
            AttentionBackend attention,
            NDManager manager,
            BiFunction<PackedPass, Workspace, A> work) {
        Workspace space = spaces.take(batch.layout().tokens());
        try (NDManager scope = manager.newSubManager();
                AttentionSession session =
                        AttentionSession.open(attention, batch.layout(), savings, products)) {
            embeddings.forward(batch, space, jobs);
            return work.apply(
                    new PackedPass(shape, batch.layout(), session, space, jobs, scope), space);
        } finally {
            spaces.giveBack(space);
        }
    }

    private void finished(PackedPass pass, Workspace space, int rows) {
        if (finalNorm != null) {
            pass.norm(finalNorm, space.hidden(), space.hidden(), rows);
        }
    }

    private NDArray copy(Workspace space, int rows, NDManager manager) {
        return TensorBridge.create(
                manager,
                space.hidden().asSlice(0, rows * shape.rowBytes()),
                new Shape(rows, shape.width()));
    }
}
