package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Word, position and token type embeddings, summed and normalised, in raw memory. */
final class RawEmbeddings {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final MemorySegment words;
    private final MemorySegment positions;
    private final MemorySegment types;
    private final RawNorm norm;
    private final int width;

    /** Embeddings over tables that outlive them. */
    RawEmbeddings(Weights weights, LongformerConfig config) {
        words = table(weights, "embeddings.word_embeddings.weight"); // [V, N]
        positions = table(weights, "embeddings.position_embeddings.weight"); // [P, N]
        types = table(weights, "embeddings.token_type_embeddings.weight"); // [types, N]
        norm = new RawNorm(weights.norm("embeddings.LayerNorm", (float) config.layerNormEps()));
        width = config.hiddenSize();
    }

    private static MemorySegment table(Weights weights, String name) {
        NDArray array = weights.get(name);
        return TensorBridge.memory(array);
    }

    /** What embeds the tokens of a batch into the workspace's hidden state, 64 tokens an item. */
    void forward(TokenBatch batch, Workspace space, RowJobs jobs) {
        long[] ids = batch.ids(); // [T]
        long[] places = batch.positions(); // [T]
        long[] kinds = batch.types(); // [T]
        MemorySegment hidden = space.hidden();
        jobs.run(
                ids.length,
                (first, last, worker) -> {
                    float[] line = space.line(worker, 0);
                    float[] more = space.line(worker, 1);
                    for (long t = first; t < last; t++) {
                        read(words, ids[(int) t], line);
                        read(positions, places[(int) t], more);
                        add(line, more);
                        read(types, kinds[(int) t], more);
                        add(line, more);
                        norm.apply(line);
                        MemorySegment.copy(line, 0, hidden, FLOAT, t * width * Float.BYTES, width);
                    }
                });
    }

    private void read(MemorySegment table, long row, float[] line) {
        MemorySegment.copy(table, FLOAT, row * width * Float.BYTES, line, 0, width);
    }

    private void add(float[] line, float[] more) {
        for (int i = 0; i < width; i++) {
            line[i] += more[i];
        }
    }
}
