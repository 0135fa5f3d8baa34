package io.longspan.model.encoder;

import io.longspan.attention.SavedForward;
import io.longspan.model.linear.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one layer for its way back.
 *
 * @param sum at the end of the layer, [T, N]
 * @param context what attention gave, [T, N]
 * @param saved of the backend; closed with the pass
 * @param attendedSum [T, N], or null when it is made again
 * @param projections or null when they are made again
 * @param inner what GELU read, [T, F], or null when it is made again
 */
record LayerKeep(
        Matrix sum,
        Matrix context,
        SavedForward saved,
        @Nullable Matrix attendedSum,
        @Nullable Projected projections,
        @Nullable Matrix inner)
        implements AutoCloseable {
    /**
     * Queries, keys and values.
     *
     * @param query [T, N]
     * @param key [T, N]
     * @param value [T, N]
     */
    record Projected(Matrix query, Matrix key, Matrix value) {}

    @Override
    public void close() {
        saved.close();
    }
}
