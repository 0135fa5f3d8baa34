package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import org.jspecify.annotations.Nullable;

/** Attention through NDArray operations: nothing to prepare, nothing to close. */
record ComposedSession(
        ComposedBackend backend, SequenceLayout layout, @Nullable DropoutDraw dropout)
        implements AttentionSession {
    @Override
    public NDArray forward(NDArray query, NDArray key, NDArray value, LayerWindow window) {
        NDArray output =
                backend.forward(
                                new ComposedCall(
                                        query,
                                        key,
                                        value,
                                        window.offsetBias(),
                                        layout,
                                        window.pattern(),
                                        QueryRows.all(),
                                        window.dropout(dropout),
                                        false))
                        .output(); // [T, H, D]
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
