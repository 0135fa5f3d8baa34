package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.SparseFormat;
import io.longspan.model.config.LongformerConfig;

/** Word, position and token type embeddings, summed and normalised. */
final class Embeddings {
    private final NDArray words;
    private final NDArray positions;
    private final NDArray types;
    private final Norm norm;

    Embeddings(Weights weights, LongformerConfig config) {
        words = weights.get("embeddings.word_embeddings.weight"); // [V, N]
        positions = weights.get("embeddings.position_embeddings.weight"); // [P, N]
        types = weights.get("embeddings.token_type_embeddings.weight"); // [types, N]
        norm = weights.norm("embeddings.LayerNorm", (float) config.layerNormEps());
    }

    /** The input of the first layer, [T, N], in the given manager. */
    NDArray forward(TokenBatch batch, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray word = rows(words, batch.ids(), scope); // [T, N]
            NDArray position = rows(positions, batch.positions(), scope); // [T, N]
            NDArray type = rows(types, batch.types(), scope); // [T, N]
            NDArray sum = norm.apply(word.add(position).add(type)); // [T, N]
            sum.attach(manager);
            return sum;
        }
    }

    private static NDArray rows(NDArray table, long[] indices, NDManager scope) {
        return ai.djl.nn.core.Embedding.embedding(scope.create(indices), table, SparseFormat.DENSE)
                .singletonOrThrow();
    }
}
