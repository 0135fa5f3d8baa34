package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.Feature;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.SequenceLayout;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attention over one batch, through a backend of either kind. Made for each batch, used by one
 * thread, closed after its last layer; the backend stays the caller's.
 */
sealed interface AttentionSession extends AutoCloseable permits ComposedSession, KernelSession {
    /** A session over a batch of the given layout. */
    static AttentionSession open(AttentionBackend backend, SequenceLayout layout) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedSession(composed, layout, null);
            case KernelBackend kernel -> new KernelSession(kernel, layout, layout.features(), null);
        };
    }

    /**
     * A session whose passes can be gone back through.
     *
     * @param dropout the randomness of the batch, or null for none
     */
    static AttentionSession forTraining(
            AttentionBackend backend, SequenceLayout layout, @Nullable DropoutDraw dropout) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedSession(composed, layout, dropout);
            case KernelBackend kernel -> {
                Set<Feature> calls = layout.features();
                calls.add(Feature.GRADIENTS);
                yield new KernelSession(kernel, layout, calls, dropout);
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
    NDArray forward(NDArray query, NDArray key, NDArray value, LayerWindow window);

    /** The randomness of the batch, or null for none. */
    @Nullable DropoutDraw dropout();

    @Override
    void close();
}
