package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import java.util.EnumSet;
import java.util.Set;

/**
 * Attention over one batch, through a backend of either kind. Made for each batch, used by one
 * thread, closed after its last layer; the backend stays the caller's.
 */
sealed interface AttentionSession extends AutoCloseable permits ComposedSession, KernelSession {
    /** A session over a batch of the given layout. */
    static AttentionSession open(AttentionBackend backend, SequenceLayout layout) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedSession(composed, layout, false);
            case KernelBackend kernel -> new KernelSession(kernel, layout, layout.features());
        };
    }

    /** The same with what the savings allow. */
    static AttentionSession open(
            AttentionBackend backend, SequenceLayout layout, ExactSavings savings) {
        return savings.densePath() && backend instanceof ComposedBackend composed
                ? new ComposedSession(composed, layout, true)
                : open(backend, layout);
    }

    /** A session whose passes can be gone back through. */
    static AttentionSession forTraining(AttentionBackend backend, SequenceLayout layout) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedSession(composed, layout, false);
            case KernelBackend kernel -> {
                Set<Feature> calls = layout.features();
                calls.add(Feature.GRADIENTS);
                yield new KernelSession(kernel, layout, calls);
            }
        };
    }

    /**
     * The attention output of one layer; rows of MASKED tokens are zeros, those of GLOBAL tokens
     * are for the layer to replace.
     *
     * @param query [T, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @return [T, H, D], in the query's manager
     */
    NDArray forward(NDArray query, NDArray key, NDArray value, AttentionPattern pattern);

    /**
     * Whether {@link #forward(NDArray, NDArray, NDArray, AttentionPattern, QueryRows)} may be
     * called; every backend computes all rows, not every backend some.
     *
     * @param key [T, H, D]
     */
    boolean takesRows(AttentionPattern pattern, NDArray key);

    /**
     * The same for some query rows.
     *
     * @param query [R, H, D], in the order of the rows
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @return [R, H, D], in the query's manager
     */
    NDArray forward(
            NDArray query, NDArray key, NDArray value, AttentionPattern pattern, QueryRows rows);

    /** What a call for some rows asks of a backend. */
    static Workload rowsWorkload(AttentionPattern pattern, NDArray key, Set<Feature> calls) {
        Set<Feature> features = EnumSet.of(Feature.QUERY_ROWS);
        features.addAll(calls);
        return workload(pattern, key, features);
    }

    /** What a call asks of a backend. */
    static Workload workload(AttentionPattern pattern, NDArray key, Set<Feature> calls) {
        int headSize = (int) key.getShape().get(2);
        Device.Kind device = key.getDevice().isGpu() ? Device.Kind.CUDA : Device.Kind.CPU;
        return new Workload(pattern, headSize, ElementType.FP32, device, calls);
    }

    @Override
    void close();
}
