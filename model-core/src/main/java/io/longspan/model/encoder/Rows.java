package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;

/** Picks rows of a table so that the gradient is right and the same each time. */
public final class Rows {
    private Rows() {}

    /** Indices in memory of the engine's own, in the manager. */
    public static NDArray index(NDManager manager, long... indices) {
        return own(manager.create(indices));
    }

    /**
     * Rows of a table. As an embedding, since its gradient is summed in a fixed order; that of
     * DJL's indexing is not.
     *
     * @param table [R, N]
     * @param index [n], from {@link #index}
     * @return [n, N], in the manager of the index
     */
    public static NDArray pick(NDArray table, NDArray index) {
        NDArray rows = Embedding.embedding(index, table, SparseFormat.DENSE).singletonOrThrow();
        rows.attach(index.getManager());
        return rows;
    }

    /**
     * The same numbers in memory of the engine's own. What DJL makes of host numbers lies in a Java
     * buffer that goes with the handle, also while autograd still needs it.
     */
    static NDArray own(NDArray lent) {
        try (lent) {
            return lent.duplicate();
        }
    }
}
