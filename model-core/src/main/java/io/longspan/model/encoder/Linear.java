package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;

/**
 * y = x Wt + b.
 *
 * @param weight [out, in]
 * @param bias [out]
 */
public record Linear(NDArray weight, NDArray bias) implements Dense {
    @Override
    public NDArray apply(NDArray rows) {
        return ai.djl.nn.core.Linear.linear(rows, weight, bias).singletonOrThrow();
    }
}
