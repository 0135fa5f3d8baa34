package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;
import io.longspan.attention.TensorView;
import io.longspan.attention.Workload;
import io.longspan.model.tensor.TensorBridge;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Attention through a kernel on the arrays' own memory; layers with equal patterns share one plan.
 */
final class KernelSession implements AttentionSession {
    private final KernelBackend backend;
    private final SequenceLayout layout;
    private final Set<Feature> calls;
    private final ProductPrecision products;
    private final @Nullable DropoutDraw dropout;
    private final Map<Wanted, AttentionPlan> plans = new HashMap<>();

    private record Wanted(AttentionPattern pattern, QueryRows rows) {}

    KernelSession(
            KernelBackend backend,
            SequenceLayout layout,
            Set<Feature> calls,
            ProductPrecision products,
            @Nullable DropoutDraw dropout) {
        this.backend = backend;
        this.layout = layout;
        this.calls = calls;
        this.products = products;
        this.dropout = dropout;
    }

    @Override
    public @Nullable DropoutDraw dropout() {
        return dropout;
    }

    @Override
    public NDArray forward(NDArray query, NDArray key, NDArray value, LayerWindow window) {
        return forward(query, key, value, window, QueryRows.all());
    }

    @Override
    public boolean takesRows(LayerWindow window, NDArray key) {
        return backend.supports(workload(window, headSize(key), device(key), QueryRows.of(0)))
                instanceof Support.Supported;
    }

    @Override
    public NDArray forward(
            NDArray query, NDArray key, NDArray value, LayerWindow window, QueryRows rows) {
        NDArray output = query.getManager().create(query.getShape(), DataType.FLOAT32); // [R, H, D]
        backend.forward(
                plan(window, rows, query),
                tensors(new Projections(query, key, value), output, window),
                window.dropout(dropout));
        return output;
    }

    /**
     * Computes rows in raw memory of the host.
     *
     * @param query [R, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @param output [R, H, D], written whole
     */
    void forward(
            TensorView query,
            TensorView key,
            TensorView value,
            TensorView output,
            LayerWindow window,
            QueryRows rows) {
        Workload workload = workload(window, (int) key.size(2), Device.Kind.CPU, rows);
        backend.forward(
                plans.computeIfAbsent(
                        new Wanted(window.pattern(), rows),
                        _ -> backend.plan(layout, rows, workload)),
                new ForwardTensors(
                        query, key, value, viewOrNull(window.offsetBias()), output, null),
                window.dropout(dropout));
    }

    /** Whether some rows may be asked for, in memory of the host. */
    boolean takesRows(LayerWindow window, int headSize) {
        return backend.supports(workload(window, headSize, Device.Kind.CPU, QueryRows.of(0)))
                instanceof Support.Supported;
    }

    /**
     * Computes the output and keeps what the way back needs.
     *
     * @param output [T, H, D], written whole
     * @return the caller's to close
     */
    SavedForward forwardForGradient(Projections inputs, NDArray output, LayerWindow window) {
        return backend.forwardForGradient(
                plan(window, QueryRows.all(), inputs.query()),
                tensors(inputs, output, window),
                window.dropout(dropout));
    }

    /**
     * Goes back through one pass.
     *
     * @param saved of the pass; used up, still the caller's to close
     * @param output [T, H, D], as the pass wrote it
     * @param gradient of the output, [T, H, D]
     * @param biasGradient [H, columns], receives the gradient of the offset bias, exactly when
     *     there is one
     * @return the gradients of the inputs, in the manager of {@code gradient}
     */
    Projections backward(
            SavedForward saved,
            Projections inputs,
            NDArray output,
            NDArray gradient,
            LayerWindow window,
            @Nullable NDArray biasGradient) {
        NDManager home = gradient.getManager();
        Shape shape = output.getShape();
        Projections gradients =
                new Projections(
                        home.create(shape, DataType.FLOAT32),
                        home.create(shape, DataType.FLOAT32),
                        home.create(shape, DataType.FLOAT32));
        backend.backward(
                plan(window, QueryRows.all(), inputs.query()),
                saved,
                new BackwardTensors(
                        TensorBridge.view(inputs.query()),
                        TensorBridge.view(inputs.key()),
                        TensorBridge.view(inputs.value()),
                        viewOrNull(window.offsetBias()),
                        TensorBridge.view(output),
                        TensorBridge.view(gradient),
                        TensorBridge.view(gradients.query()),
                        TensorBridge.view(gradients.key()),
                        TensorBridge.view(gradients.value()),
                        viewOrNull(biasGradient)));
        return gradients;
    }

    /**
     * Computes the output in raw memory of the host and keeps what the way back needs.
     *
     * @param query [T, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @param output [T, H, D], written whole
     * @return the caller's to close
     */
    SavedForward forwardForGradient(
            TensorView query,
            TensorView key,
            TensorView value,
            TensorView output,
            LayerWindow window) {
        return backend.forwardForGradient(
                plan(window, (int) key.size(2)),
                new ForwardTensors(
                        query, key, value, viewOrNull(window.offsetBias()), output, null),
                window.dropout(dropout));
    }

    /**
     * Goes back through such a pass.
     *
     * @param saved of the pass; used up, still the caller's to close
     * @param tensors with the gradient of the offset bias exactly when there is one
     */
    void backward(SavedForward saved, BackwardTensors tensors, LayerWindow window) {
        backend.backward(plan(window, (int) tensors.key().size(2)), saved, tensors);
    }

    private AttentionPlan plan(LayerWindow window, int headSize) {
        return plans.computeIfAbsent(
                new Wanted(window.pattern(), QueryRows.all()),
                _ ->
                        backend.plan(
                                layout,
                                QueryRows.all(),
                                workload(window, headSize, Device.Kind.CPU, QueryRows.all())));
    }

    static @Nullable TensorView viewOrNull(@Nullable NDArray array) {
        return array == null ? null : TensorBridge.view(array);
    }

    private static ForwardTensors tensors(Projections inputs, NDArray output, LayerWindow window) {
        return new ForwardTensors(
                TensorBridge.view(inputs.query()),
                TensorBridge.view(inputs.key()),
                TensorBridge.view(inputs.value()),
                viewOrNull(window.offsetBias()),
                TensorBridge.view(output),
                null);
    }

    private AttentionPlan plan(LayerWindow window, QueryRows rows, NDArray query) {
        return plans.computeIfAbsent(
                new Wanted(window.pattern(), rows),
                _ ->
                        backend.plan(
                                layout,
                                rows,
                                workload(window, headSize(query), device(query), rows)));
    }

    private Workload workload(
            LayerWindow window, int headSize, Device.Kind device, QueryRows rows) {
        return AttentionSession.workload(window, headSize, device, calls, products, rows, dropout);
    }

    private static int headSize(NDArray rows) {
        return (int) rows.getShape().get(2);
    }

    private static Device.Kind device(NDArray rows) {
        return rows.getDevice().isGpu() ? Device.Kind.CUDA : Device.Kind.CPU;
    }

    @Override
    public void close() {
        plans.values().forEach(AttentionPlan::close);
        plans.clear();
    }
}
