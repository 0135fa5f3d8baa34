package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.tensor.Autograd;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Word, position and token type embeddings, summed and normalised. */
final class Embeddings {
    private final NDArray words;
    private final NDArray positions;
    private final NDArray types;
    private final Norm norm;
    private final int pad;
    private final int fixedPosition;
    private final HiddenDropout dropout;

    Embeddings(Weights weights, LongformerConfig config) {
        words = weights.get("embeddings.word_embeddings.weight"); // [V, N]
        positions = weights.get("embeddings.position_embeddings.weight"); // [P, N]
        types = weights.get("embeddings.token_type_embeddings.weight"); // [types, N]
        pad = config.ids().pad();
        fixedPosition = config.firstPosition() - 1;
        norm = weights.norm("embeddings.LayerNorm", (float) config.layerNormEps());
        dropout = new HiddenDropout(HiddenMask.Site.EMBEDDINGS, 0, config.hiddenDropout());
    }

    /** [V, N]. */
    NDArray words() {
        return words;
    }

    /** [P, N]. */
    NDArray positions() {
        return positions;
    }

    /** [types, N]. */
    NDArray types() {
        return types;
    }

    Norm norm() {
        return norm;
    }

    HiddenDropout dropout() {
        return dropout;
    }

    /** The word whose row takes no gradient. */
    int pad() {
        return pad;
    }

    /** The position whose row takes no gradient. */
    int fixedPosition() {
        return fixedPosition;
    }

    /** The input of the first layer, [T, N], in the given manager. */
    NDArray forward(TokenBatch batch, NDManager manager) {
        return forward(batch, manager, null);
    }

    /**
     * The same with dropout.
     *
     * @param draw the randomness of the batch, or null for none
     */
    NDArray forward(TokenBatch batch, NDManager manager, @Nullable DropoutDraw draw) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray word = fixed(words, batch.ids(), pad, scope); // [T, N]
            NDArray position = fixed(positions, batch.positions(), fixedPosition, scope); // [T, N]
            NDArray type = rows(types, batch.types(), scope); // [T, N]
            NDArray sum =
                    dropout.apply(
                            norm.apply(word.add(position).add(type)),
                            batch.layout(),
                            draw); // [T, N]
            sum.attach(manager);
            return sum;
        }
    }

    private static NDArray rows(NDArray table, long[] indices, NDManager scope) {
        return Rows.pick(table, Rows.index(scope, indices));
    }

    /** Rows of a table; that of the pad id takes no gradient, as in the reference. */
    private static NDArray fixed(NDArray table, long[] indices, int pad, NDManager scope) {
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
