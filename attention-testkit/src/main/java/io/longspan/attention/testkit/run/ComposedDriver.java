package io.longspan.attention.testkit.run;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.Device;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs a composed backend on the CPU, with DJL's autograd for gradients. */
final class ComposedDriver implements BackendDriver {
    private final ComposedBackend backend;

    ComposedDriver(ComposedBackend backend) {
        this.backend = backend;
    }

    @Override
    public AttentionBackend backend() {
        return backend;
    }

    @Override
    public Device.Kind device() {
        return Device.Kind.CPU;
    }

    @Override
    public boolean concurrentGradients() {
        // DJL allows one gradient collector at a time.
        return false;
    }

    @Override
    public Answer forward(AttentionCase asked, AttentionTensors tensors, boolean wantLogSumExp) {
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu())) {
            ComposedInputs inputs = new ComposedInputs(manager, asked, tensors);
            int before = manager.getManagedArrays().size();
            ComposedResult result = backend.forward(inputs.call(wantLogSumExp));
            int results = result.logSumExp() == null ? 1 : 2;
            int stray = manager.getManagedArrays().size() - before - results;
            inputs.requireUnchanged();
            return new Answer(
                    numbers("output", result.output(), outputShape(asked)),
                    logSumExp(asked, result, wantLogSumExp),
                    stray);
        }
    }

    @Override
    public GradientAnswer gradients(AttentionCase asked, AttentionTensors tensors) {
        return gradients(asked, tensors, List::of);
    }

    @Override
    public GradientAnswer gradientsAfterCollection(AttentionCase asked, AttentionTensors tensors) {
        return gradients(asked, tensors, FreedMemory::overwrite);
    }

    private GradientAnswer gradients(
            AttentionCase asked,
            AttentionTensors tensors,
            Supplier<List<ByteBuffer>> betweenPasses) {
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu());
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            ComposedInputs inputs = new ComposedInputs(manager, asked, tensors);
            inputs.each().forEach(array -> array.setRequiresGradient(true));
            NDArray output = backend.forward(inputs.call(false)).output();
            NDArray weights = manager.create(tensors.outputGradient(), outputShape(asked));
            NDArray loss = output.mul(weights).sum();
            // Not mul(0): DJL frees the memory of such a factor while autograd still needs it.
            NDArray zero = manager.zeros(new Shape());
            // A call of masked rows alone may not depend on its inputs at all; these terms give
            // every input a gradient, of exactly zero. (Not by mul(0): DJL lends autograd the
            // factor and frees it at once.)
            for (NDArray array : inputs.each().toList()) {
                loss = loss.add(array.sum().mul(zero));
            }
            List<ByteBuffer> held = betweenPasses.get();
            try {
                collector.backward(loss);
            } finally {
                Reference.reachabilityFence(held);
            }
            inputs.requireUnchanged();
            NDArray bias = inputs.bias();
            return new GradientAnswer(
                    numbers("output", output, outputShape(asked)),
                    inputs.query().getGradient().toFloatArray(),
                    inputs.key().getGradient().toFloatArray(),
                    inputs.value().getGradient().toFloatArray(),
                    bias == null ? null : bias.getGradient().toFloatArray());
        }
    }

    private static Shape outputShape(AttentionCase asked) {
        return new Shape(asked.rowCount(), asked.pattern().heads(), asked.headSize());
    }

    private static float @Nullable [] logSumExp(
            AttentionCase asked, ComposedResult result, boolean wanted) {
        NDArray array = result.logSumExp();
        if ((array != null) != wanted) {
            throw new AssertionError(
                    "log-sum-exp was "
                            + (wanted ? "" : "not ")
                            + "asked for and the result has "
                            + (array == null ? "none" : "one")
                            + "\n"
                            + asked);
        }
        return array == null
                ? null
                : numbers(
                        "log-sum-exp", array, new Shape(asked.rowCount(), asked.pattern().heads()));
    }

    private static float[] numbers(String what, NDArray array, Shape expected) {
        if (!array.getShape().equals(expected)) {
            throw new AssertionError(
                    what + " has shape " + array.getShape() + "; it must be " + expected);
        }
        return array.toFloatArray();
    }
}
