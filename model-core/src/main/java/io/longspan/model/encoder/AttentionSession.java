package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.Feature;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.SequenceLayout;
import java.util.Set;

/**
 * Attention over one batch, through a backend of either kind. Made for each batch, used by one
 * thread, closed after its last layer; the backend stays the caller's.
 */
sealed interface AttentionSession extends AutoCloseable permits ComposedSession, KernelSession {
    /** A session over a batch of the given layout. */
    static AttentionSession open(AttentionBackend backend, SequenceLayout layout) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedSession(composed, layout);
            case KernelBackend kernel -> new KernelSession(kernel, layout, layout.features());
        };
    }

    /** A session whose passes can be gone back through. */
    static AttentionSession forTraining(AttentionBackend backend, SequenceLayout layout) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedSession(composed, layout);
            case KernelBackend kernel -> {
                Set<Feature> calls = layout.features();
                calls.add(Feature.GRADIENTS);
                yield new KernelSession(kernel, layout, calls);
            }
        };
    }

    /**
     * The attention output of one layer; rows of GLOBAL and MASKED tokens are zeros.
     *
     * @param query [T, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @return [T, H, D], in the query's manager
     */
    NDArray forward(NDArray query, NDArray key, NDArray value, AttentionPattern pattern);

    @Override
    void close();
}
