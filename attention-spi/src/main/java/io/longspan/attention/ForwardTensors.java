package io.longspan.attention;

import org.jspecify.annotations.Nullable;

/**
 * The tensors of a kernel's forward pass; all memory is the caller's.
 *
 * @param query [R, H, D]
 * @param key [T, H, D]
 * @param value [T, H, D]
 * @param offsetBias [H, {@link AttentionPattern#biasColumns()}] float32, exactly when the pattern
 *     declares one
 * @param output [R, H, D], written whole
 * @param logSumExp [R, H] float32, written whole, or null when it is not wanted
 */
public record ForwardTensors(
        TensorView query,
        TensorView key,
        TensorView value,
        @Nullable TensorView offsetBias,
        TensorView output,
        @Nullable TensorView logSumExp) {}
