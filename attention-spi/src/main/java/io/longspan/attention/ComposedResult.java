package io.longspan.attention;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ComposedBackend} returns; both arrays belong to the caller.
 *
 * @param output [R, H, D]; rows of GLOBAL and MASKED tokens are zeros
 * @param logSumExp [R, H] float32, natural log, after scale and bias, before dropout, minus
 *     infinity on GLOBAL and MASKED rows; null unless it was wanted. It carries no gradient.
 */
public record ComposedResult(NDArray output, @Nullable NDArray logSumExp) {}
