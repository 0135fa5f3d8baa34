package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.model.tensor.TensorBridge;
import java.util.HashMap;
import java.util.Map;

/**
 * Attention through a kernel on the arrays' own memory; layers with equal patterns share one plan.
 */
final class KernelSession implements AttentionSession {
    private final KernelBackend backend;
    private final SequenceLayout layout;
    private final Map<AttentionPattern, AttentionPlan> plans = new HashMap<>();

    KernelSession(KernelBackend backend, SequenceLayout layout) {
        this.backend = backend;
        this.layout = layout;
    }

    @Override
    public NDArray forward(NDArray query, NDArray key, NDArray value, AttentionPattern pattern) {
        NDArray output = query.getManager().create(query.getShape(), DataType.FLOAT32); // [T, H, D]
        backend.forward(
                plan(pattern, query),
                new ForwardTensors(
                        TensorBridge.view(query),
                        TensorBridge.view(key),
                        TensorBridge.view(value),
                        null,
                        TensorBridge.view(output),
                        null),
                null);
        return output;
    }

    private AttentionPlan plan(AttentionPattern pattern, NDArray query) {
        int headSize = (int) query.getShape().get(2);
        Device.Kind device = query.getDevice().isGpu() ? Device.Kind.CUDA : Device.Kind.CPU;
        return plans.computeIfAbsent(
                pattern,
                wanted ->
                        backend.plan(
                                layout,
                                QueryRows.all(),
                                new Workload(
                                        wanted,
                                        headSize,
                                        ElementType.FP32,
                                        device,
                                        layout.features())));
    }

    @Override
    public void close() {
        plans.values().forEach(AttentionPlan::close);
        plans.clear();
    }
}
