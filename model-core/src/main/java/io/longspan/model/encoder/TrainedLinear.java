package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.model.linear.Matrix;
import io.longspan.model.tensor.Autograd;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer as the products of a training step read it.
 *
 * @param weight [out, in]
 * @param bias [out]
 */
record TrainedLinear(NDArray weight, NDArray bias) {
    static TrainedLinear of(Weights weights, String name) {
        Linear linear = weights.linear(name);
        return new TrainedLinear(linear.weight(), linear.bias());
    }

    int in() {
        return Math.toIntExact(weight.getShape().get(1));
    }

    int out() {
        return Math.toIntExact(weight.getShape().get(0));
    }

    /** The weight where it lies, [out, in]. */
    Matrix matrix() {
        return Matrix.of(TensorBridge.memory(weight), out(), in());
    }

    /** The gradient of the weight to add to, [out, in], or null where it gathers none. */
    @Nullable Matrix gradient() {
        MemorySegment gradient = Autograd.gradientMemory(weight);
        return gradient == null ? null : Matrix.of(gradient, out(), in());
    }
}
