package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.tensor.Autograd;
import java.util.stream.LongStream;

/** Word, position and token type embeddings, summed and normalised. */
final class Embeddings {
    private final NDArray words;
    private final NDArray positions;
    private final NDArray types;
    private final Norm norm;
    private final int pad;

    Embeddings(Weights weights, LongformerConfig config) {
        words = weights.get("embeddings.word_embeddings.weight"); // [V, N]
        positions = weights.get("embeddings.position_embeddings.weight"); // [P, N]
        types = weights.get("embeddings.token_type_embeddings.weight"); // [types, N]
        pad = config.ids().pad();
        norm = weights.norm("embeddings.LayerNorm", (float) config.layerNormEps());
    }

    /** The input of the first layer, [T, N], in the given manager. */
    NDArray forward(TokenBatch batch, NDManager manager) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray word = fixedPad(words, batch.ids(), scope); // [T, N]
            NDArray position = fixedPad(positions, batch.positions(), scope); // [T, N]
            NDArray type = rows(types, batch.types(), scope); // [T, N]
            NDArray sum = norm.apply(word.add(position).add(type)); // [T, N]
            sum.attach(manager);
            return sum;
        }
    }

    private static NDArray rows(NDArray table, long[] indices, NDManager scope) {
        return Rows.pick(table, Rows.index(scope, indices));
    }

    /** Rows of a table; that of the pad id takes no gradient, as in the reference. */
    private NDArray fixedPad(NDArray table, long[] indices, NDManager scope) {
        NDArray rows = rows(table, indices, scope); // [T, N]
        // The table is asked, for DJL answers for leaves only.
        if (!table.hasGradient()
                || !Autograd.isRecording()
                || LongStream.of(indices).noneMatch(index -> index == pad)) {
            return rows;
        }
        boolean[] isPad = new boolean[indices.length];
        for (int t = 0; t < isPad.length; t++) {
            isPad[t] = indices[t] == pad;
        }
        NDArray pads = Rows.own(scope.create(isPad, new Shape(isPad.length, 1))); // [T, 1]
        return NDArrays.where(pads.broadcast(rows.getShape()), rows.stopGradient(), rows);
    }
}
