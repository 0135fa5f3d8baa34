package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.SequenceLayout;

/** Attention through NDArray operations: nothing to prepare, nothing to close. */
record ComposedSession(ComposedBackend backend, SequenceLayout layout) implements AttentionSession {
    @Override
    public NDArray forward(NDArray query, NDArray key, NDArray value, AttentionPattern pattern) {
        NDArray output =
                backend.forward(ComposedCall.of(query, key, value, layout, pattern))
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
