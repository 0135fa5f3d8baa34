package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.Feature;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Support;
import io.longspan.model.tensor.TensorBridge;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Attention through a kernel on the arrays' own memory; layers with equal patterns share one plan.
 */
final class KernelSession implements AttentionSession {
    private final KernelBackend backend;
    private final SequenceLayout layout;
    private final Set<Feature> calls;
    private final Map<Wanted, AttentionPlan> plans = new HashMap<>();

    private record Wanted(AttentionPattern pattern, QueryRows rows) {}

    KernelSession(KernelBackend backend, SequenceLayout layout, Set<Feature> calls) {
        this.backend = backend;
        this.layout = layout;
        this.calls = calls;
    }

    @Override
    public NDArray forward(NDArray query, NDArray key, NDArray value, AttentionPattern pattern) {
        return forward(query, key, value, pattern, QueryRows.all());
    }

    @Override
    public boolean takesRows(AttentionPattern pattern, NDArray key) {
        return backend.supports(AttentionSession.rowsWorkload(pattern, key, calls))
                instanceof Support.Supported;
    }

    @Override
    public NDArray forward(
            NDArray query, NDArray key, NDArray value, AttentionPattern pattern, QueryRows rows) {
        NDArray output = query.getManager().create(query.getShape(), DataType.FLOAT32); // [R, H, D]
        backend.forward(
                plan(pattern, rows, query),
                tensors(new Projections(query, key, value), output),
                null);
        return output;
    }

    /**
     * Computes the output and keeps what the way back needs.
     *
     * @param output [T, H, D], written whole
     * @return the caller's to close
     */
    SavedForward forwardForGradient(Projections inputs, NDArray output, AttentionPattern pattern) {
        return backend.forwardForGradient(
                plan(pattern, inputs.query()), tensors(inputs, output), null);
    }

    /**
     * Goes back through one pass.
     *
     * @param saved of the pass; used up, still the caller's to close
     * @param output [T, H, D], as the pass wrote it
     * @param gradient of the output, [T, H, D]
     * @return the gradients of the inputs, in the manager of {@code gradient}
     */
    Projections backward(
            SavedForward saved,
            Projections inputs,
            NDArray output,
            NDArray gradient,
            AttentionPattern pattern) {
        NDManager home = gradient.getManager();
        Shape shape = output.getShape();
        Projections gradients =
                new Projections(
                        home.create(shape, DataType.FLOAT32),
                        home.create(shape, DataType.FLOAT32),
                        home.create(shape, DataType.FLOAT32));
        backend.backward(
                plan(pattern, inputs.query()),
                saved,
                new BackwardTensors(
                        TensorBridge.view(inputs.query()),
                        TensorBridge.view(inputs.key()),
                        TensorBridge.view(inputs.value()),
                        null,
                        TensorBridge.view(output),
                        TensorBridge.view(gradient),
                        TensorBridge.view(gradients.query()),
                        TensorBridge.view(gradients.key()),
                        TensorBridge.view(gradients.value()),
                        null));
        return gradients;
    }

    private static ForwardTensors tensors(Projections inputs, NDArray output) {
        return new ForwardTensors(
                TensorBridge.view(inputs.query()),
                TensorBridge.view(inputs.key()),
                TensorBridge.view(inputs.value()),
                null,
                TensorBridge.view(output),
                null);
    }

    private AttentionPlan plan(AttentionPattern pattern, NDArray query) {
        return plan(pattern, QueryRows.all(), query);
    }

    private AttentionPlan plan(AttentionPattern pattern, QueryRows rows, NDArray query) {
        return plans.computeIfAbsent(
                new Wanted(pattern, rows),
                wanted ->
                        backend.plan(
                                layout,
                                rows,
                                rows.isAll()
                                        ? AttentionSession.workload(pattern, query, calls)
                                        : AttentionSession.rowsWorkload(pattern, query, calls)));
    }

    @Override
    public void close() {
        plans.values().forEach(AttentionPlan::close);
        plans.clear();
    }
}
