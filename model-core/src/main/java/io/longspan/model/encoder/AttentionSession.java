package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import java.util.EnumSet;
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
            case ComposedBackend composed -> new ComposedSession(composed, layout, null, false);
            case KernelBackend kernel ->
                    new KernelSession(
                            kernel, layout, layout.features(), ProductPrecision.EXACT, null);
        };
    }

    /** The same with what the savings allow. */
    static AttentionSession open(
            AttentionBackend backend, SequenceLayout layout, ExactSavings savings) {
        return savings.densePath() && backend instanceof ComposedBackend composed
                ? new ComposedSession(composed, layout, null, true)
                : open(backend, layout);
    }

    /** The same where products may be rounded too; a composed backend computes exactly. */
    static AttentionSession open(
            AttentionBackend backend,
            SequenceLayout layout,
            ExactSavings savings,
            ProductPrecision products) {
        return backend instanceof KernelBackend kernel
                ? new KernelSession(kernel, layout, layout.features(), products, null)
                : open(backend, layout, savings);
    }

    /**
     * A session whose passes can be gone back through.
     *
     * @param dropout the randomness of the batch, or null for none
     */
    static AttentionSession forTraining(
            AttentionBackend backend, SequenceLayout layout, @Nullable DropoutDraw dropout) {
        return switch (backend) {
            case ComposedBackend composed -> new ComposedSession(composed, layout, dropout, false);
            case KernelBackend kernel -> {
                Set<Feature> calls = layout.features();
                calls.add(Feature.GRADIENTS);
                yield new KernelSession(kernel, layout, calls, ProductPrecision.EXACT, dropout);
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
    NDArray forward(NDArray query, NDArray key, NDArray value, LayerWindow window);

    /**
     * Whether {@link #forward(NDArray, NDArray, NDArray, LayerWindow, QueryRows)} may be called;
     * every backend computes all rows, not every backend some.
     *
     * @param key [T, H, D]
     */
    boolean takesRows(LayerWindow window, NDArray key);

    /**
     * The same for some query rows.
     *
     * @param query [R, H, D], in the order of the rows
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @return [R, H, D], in the query's manager
     */
    NDArray forward(NDArray query, NDArray key, NDArray value, LayerWindow window, QueryRows rows);

    /** The randomness of the batch, or null for none. */
    @Nullable DropoutDraw dropout();

    /**
     * What calls for all or some rows ask of a backend.
     *
     * @param key [T, H, D]
     * @param calls features of the batch
     */
    static Workload workload(
            LayerWindow window,
            NDArray key,
            Set<Feature> calls,
            QueryRows rows,
            @Nullable DropoutDraw draw) {
        Device.Kind device = key.getDevice().isGpu() ? Device.Kind.CUDA : Device.Kind.CPU;
        return workload(
                window,
                (int) key.getShape().get(2),
                device,
                calls,
                ProductPrecision.EXACT,
                rows,
                draw);
    }

    /** The same by head size and device, where products may be rounded. */
    static Workload workload(
            LayerWindow window,
            int headSize,
            Device.Kind device,
            Set<Feature> calls,
            ProductPrecision products,
            QueryRows rows,
            @Nullable DropoutDraw draw) {
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        features.addAll(calls);
        if (!rows.isAll()) {
            features.add(Feature.QUERY_ROWS);
        }
        if (window.dropout(draw) != null) {
            features.add(Feature.DROPOUT);
        }
        return new Workload(
                window.pattern(), headSize, ElementType.FP32, device, features, products);
    }

    @Override
    void close();
}
