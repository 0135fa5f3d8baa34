package io.longspan.attention.chunks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import org.jspecify.annotations.Nullable;

/**
 * Scores, softmax and mix of one tile.
 *
 * @param output [n * H * c, D]
 * @param logSumExp [n * H * c, 1], without a gradient; null unless wanted
 */
record TileAttention(NDArray output, @Nullable NDArray logSumExp) {

    static TileAttention of(
            TileIndex index,
            NDArray query,
            NDArray key,
            NDArray value,
            float scale,
            @Nullable NDArray dropoutFactors,
            boolean wantLogSumExp) {
        long headSize = query.getShape().get(1);
        NDArray scores = maskedScores(index, query, key, scale); // [n, H, c, k + g]
        NDArray weights = scores.softmax(3); // [n, H, c, k + g]
        NDArray logSumExp =
                wantLogSumExp ? logSumExp(scores, weights).reshape(-1, 1) : null; // [n * H * c, 1]
        scores.close();
        if (dropoutFactors != null) {
            try (NDArray undropped = weights) {
                weights = undropped.mul(dropoutFactors);
            }
        }
        try (NDArray kept = weights;
                NDArray values = gather(index.keys(), value)) { // [n, H, k + g, D]
            NDArray output = kept.matMul(values); // [n, H, c, D]
            return new TileAttention(output.reshape(-1, headSize), logSumExp);
        }
    }

    private static NDArray maskedScores(TileIndex index, NDArray query, NDArray key, float scale) {
        NDManager manager = index.rows().getManager();
        // Not mul(scale): DJL frees the memory of such a factor while autograd still needs it.
        NDArray factor = manager.full(new Shape(1), scale);
        try (NDArray unscaled = gather(index.rows(), query); // [n, H, c, D]
                NDArray queries = unscaled.mul(factor);
                NDArray keys = gather(index.keys(), key); // [n, H, k + g, D]
                NDArray scores = queries.matMul(keys.swapAxes(2, 3))) { // [n, H, c, k + g]
            NDArray nothing = manager.create(Float.NEGATIVE_INFINITY).broadcast(scores.getShape());
            return NDArrays.where(index.hidden().broadcast(scores.getShape()), nothing, scores);
        }
    }

    /** The highest weight of a row is exp(highest score - log-sum-exp). */
    private static NDArray logSumExp(NDArray scores, NDArray weights) {
        int[] columns = {3};
        NDArray highest = scores.max(columns, true);
        return highest.sub(weights.max(columns, true).log()).stopGradient();
    }

    /** As an embedding: its gradient is summed in a fixed order, that of DJL's indexing is not. */
    static NDArray gather(NDArray index, NDArray table) {
        return Embedding.embedding(index, table, SparseFormat.DENSE).singletonOrThrow();
    }
}
