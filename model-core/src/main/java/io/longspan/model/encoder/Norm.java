package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Layer normalisation over the last dimension, biased variance.
 *
 * @param gain [N]
 * @param bias [N]
 * @param epsilon added to the variance
 */
public record Norm(NDArray gain, NDArray bias, float epsilon) {
    /** Applies it to rows [.., N]. */
    public NDArray apply(NDArray rows) {
        return ai.djl.nn.norm.LayerNorm.layerNorm(
                        rows, new Shape(gain.getShape().get(0)), gain, bias, epsilon)
                .singletonOrThrow();
    }
}
