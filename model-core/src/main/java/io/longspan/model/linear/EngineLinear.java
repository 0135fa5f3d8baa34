package io.longspan.model.linear;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** DJL's linear in the place of a packed one: float32, on libtorch's threads, rows copied in. */
final class EngineLinear implements PackedLinear {
    private final LinearShape shape;
    private final ComputeCrew crew;
    private final String reason;
    private final Consumer<EngineLinear> onClose;
    private final NDManager manager = NDManager.newBaseManager();
    private final NDArray weight;
    private final @Nullable NDArray bias;

    /**
     * Copies the weights.
     *
     * @param crew whose turn a call waits for, since libtorch computes on threads of its own
     * @param onClose is told when it is closed
     */
    EngineLinear(
            LinearWeights weights,
            Finish finish,
            String reason,
            ComputeCrew crew,
            Consumer<EngineLinear> onClose) {
        this.crew = crew;
        this.onClose = onClose;
        shape = new LinearShape(weights.in(), weights.out(), LinearPrecision.FP32, finish);
        this.reason = reason;
        weight =
                TensorBridge.create(
                        manager, weights.weight(), new Shape(weights.out(), weights.in()));
        MemorySegment given = weights.bias();
        bias = given == null ? null : TensorBridge.create(manager, given, new Shape(weights.out()));
    }

    @Override
    public void apply(
            MemorySegment rows,
            long count,
            MemorySegment output,
            @Nullable MemorySegment residual) {
        LinearArguments.check(this, rows, count, output, residual);
        if (!manager.isOpen()) {
            throw new IllegalStateException("linear " + shape + " is closed");
        }
        if (count == 0) {
            return;
        }
        try (ComputeCrew.Turn _ = crew.turn();
                NDManager scope = manager.newSubManager()) {
            NDArray input = TensorBridge.create(scope, rows, new Shape(count, in()));
            NDArray result = Linear.linear(input, weight, bias).singletonOrThrow(); // [count, out]
            result.attach(scope);
            if (finish() == Finish.GELU) {
                result = Activation.gelu(result);
            }
            if (residual != null) {
                result = result.add(TensorBridge.create(scope, residual, new Shape(count, out())));
            }
            output.copyFrom(TensorBridge.memory(result));
        }
    }

    @Override
    public int in() {
        return shape.in();
    }

    @Override
    public int out() {
        return shape.out();
    }

    @Override
    public LinearPrecision precision() {
        return shape.precision();
    }

    @Override
    public Finish finish() {
        return shape.finish();
    }

    @Override
    public String kernel() {
        return "DJL linear";
    }

    @Override
    public Optional<String> fallback() {
        return Optional.of(reason);
    }

    @Override
    public long packedBytes() {
        return (long) in() * out() * Float.BYTES;
    }

    @Override
    public void close() {
        manager.close();
        onClose.accept(this);
    }
}
