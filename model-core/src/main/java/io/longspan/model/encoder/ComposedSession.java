package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;
import org.jspecify.annotations.Nullable;

/**
 * Attention through NDArray operations: nothing to prepare, nothing to close.
 *
 * @param dropout the randomness of the batch, or null for none
 * @param densePath whether {@link DensePath} computes what it covers, in the backend's place
 */
record ComposedSession(
        ComposedBackend backend,
        SequenceLayout layout,
        @Nullable DropoutDraw dropout,
        boolean densePath)
        implements AttentionSession {
    /** Some rows, whichever: what a backend can do does not depend on which. */
    private static final QueryRows SOME = QueryRows.of(0);

    @Override
    public NDArray forward(NDArray query, NDArray key, NDArray value, LayerWindow window) {
        return forward(query, key, value, window, QueryRows.all());
    }

    @Override
    public boolean takesRows(LayerWindow window, NDArray key) {
        return dense(window, key)
                || backend.supports(
                                AttentionSession.workload(
                                        window, key, layout.features(), SOME, dropout))
                        instanceof Support.Supported;
    }

    /** Not where gradients are recorded, so that they do not depend on what is kept for them. */
    private boolean dense(LayerWindow window, NDArray key) {
        return densePath
                && !key.hasGradient()
                && window.dropout(dropout) == null
                && DensePath.covers(layout, window.pattern());
    }

    @Override
    public NDArray forward(
            NDArray query, NDArray key, NDArray value, LayerWindow window, QueryRows rows) {
        if (dense(window, key)) {
            return DensePath.forward(
                    query, key, value, rows.indices(layout), layout, window.pattern().scale());
        }
        ComposedCall call =
                new ComposedCall(
                        query,
                        key,
                        value,
                        window.offsetBias(),
                        layout,
                        window.pattern(),
                        rows,
                        window.dropout(dropout),
                        false);
        NDArray output = backend.forward(call).output(); // [R, H, D]
        if (!output.getShape().equals(query.getShape())) {
            throw new IllegalStateException(
                    "attention backend "
                            + backend.getClass().getName()
                            + " returned shape "
                            + output.getShape()
                            + " for queries of shape "
                            + query.getShape()
                            + "; report this to whoever made it");
        }
        return output;
    }

    @Override
    public void close() {}
}
