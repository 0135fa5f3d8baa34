package io.longspan.model.checkpoint;

import java.util.List;

/**
 * A tensor that a model has.
 *
 * @param name canonical, without prefix
 * @param shape sizes, outermost first
 * @param required whether a checkpoint without it is incomplete
 */
public record ExpectedTensor(String name, List<Long> shape, boolean required) {
    /** Copies the shape. */
    public ExpectedTensor {
        shape = List.copyOf(shape);
    }

    static ExpectedTensor required(String name, long... shape) {
        return new ExpectedTensor(name, TensorInfo.of(name, DType.F32, shape).shape(), true);
    }

    ExpectedTensor optional() {
        return new ExpectedTensor(name, shape, false);
    }
}
