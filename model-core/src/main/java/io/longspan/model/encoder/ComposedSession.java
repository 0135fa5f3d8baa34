package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;

/**
 * Attention through NDArray operations: nothing to prepare, nothing to close.
 *
 * @param densePath whether {@link DensePath} computes what it covers, in the backend's place
 */
record ComposedSession(ComposedBackend backend, SequenceLayout layout, boolean densePath)
        implements AttentionSession {
    @Override
    public NDArray forward(NDArray query, NDArray key, NDArray value, AttentionPattern pattern) {
        return forward(query, key, value, pattern, QueryRows.all());
    }

    @Override
    public boolean takesRows(AttentionPattern pattern, NDArray key) {
        return dense(pattern)
                || backend.supports(AttentionSession.rowsWorkload(pattern, key, layout.features()))
                        instanceof Support.Supported;
    }

    private boolean dense(AttentionPattern pattern) {
        return densePath && DensePath.covers(layout, pattern);
    }

    @Override
    public NDArray forward(
            NDArray query, NDArray key, NDArray value, AttentionPattern pattern, QueryRows rows) {
        if (dense(pattern)) {
            return DensePath.forward(
                    query, key, value, rows.indices(layout), layout, pattern.scale());
        }
        ComposedCall call =
                new ComposedCall(query, key, value, null, layout, pattern, rows, null, false);
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
