package io.longspan.bench;

import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.ElementType;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SavedForward;
import io.longspan.attention.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.stream.Stream;

/** A kernel on plain memory. */
final class KernelContender implements Contender {
    private static final int ALIGNMENT = 64;

    private final Arena arena = Arena.ofShared();
    private final KernelBackend backend;
    private final AttentionPlan plan;
    private final MemorySegment outputMemory;
    private final ForwardTensors forward;
    private final BackwardTensors backward;

    KernelContender(KernelBackend backend, AttentionBenchRequest asked) {
        this.backend = backend;
        Task task = Task.of(asked);
        plan = backend.plan(task.layout(), QueryRows.all(), task.workload());
        long[] shape = {asked.tokens(), asked.heads(), asked.headSize()};
        long bytes = shape[0] * shape[1] * shape[2] * Float.BYTES;
        outputMemory = arena.allocate(bytes, ALIGNMENT);
        TensorView output = TensorView.of(outputMemory, ElementType.FP32, shape);
        forward =
                new ForwardTensors(
                        filled(asked, 0, shape),
                        filled(asked, 1, shape),
                        filled(asked, 2, shape),
                        null,
                        output,
                        null);
        backward =
                new BackwardTensors(
                        forward.query(),
                        forward.key(),
                        forward.value(),
                        null,
                        output,
                        asked.gradients() ? filled(asked, 3, shape) : output,
                        asked.gradients() ? empty(bytes, shape) : output,
                        asked.gradients() ? empty(bytes, shape) : output,
                        asked.gradients() ? empty(bytes, shape) : output,
                        null);
    }

    @Override
    public void forward() {
        backend.forward(plan, forward, null);
    }

    @Override
    public double train() {
        try (SavedForward saved = backend.forwardForGradient(plan, forward, null)) {
            long begin = System.nanoTime();
            backend.backward(plan, saved, backward);
            return (System.nanoTime() - begin) / 1e9;
        }
    }

    @Override
    public long workspaceBytes() {
        return plan.workspaceBytes();
    }

    @Override
    public float[] output() {
        return outputMemory.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Override
    public List<float[]> gradients() {
        train();
        return Stream.of(backward.queryGradient(), backward.keyGradient(), backward.valueGradient())
                .map(view -> view.segment().toArray(ValueLayout.JAVA_FLOAT))
                .toList();
    }

    private TensorView filled(AttentionBenchRequest asked, int which, long... shape) {
        float[] numbers = Numbers.draw(asked, which);
        MemorySegment memory = arena.allocate((long) numbers.length * Float.BYTES, ALIGNMENT);
        MemorySegment.copy(numbers, 0, memory, ValueLayout.JAVA_FLOAT, 0, numbers.length);
        return TensorView.of(memory, ElementType.FP32, shape);
    }

    private TensorView empty(long bytes, long... shape) {
        return TensorView.of(arena.allocate(bytes, ALIGNMENT), ElementType.FP32, shape);
    }

    @Override
    public void close() {
        plan.close();
        arena.close();
    }
}
