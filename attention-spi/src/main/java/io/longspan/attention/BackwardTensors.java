package io.longspan.attention;

import org.jspecify.annotations.Nullable;

/**
 * The tensors of a kernel's backward pass; all memory is the caller's.
 *
 * @param query [R, H, D] as in the forward pass
 * @param key [T, H, D] as in the forward pass
 * @param value [T, H, D] as in the forward pass
 * @param offsetBias [H, columns] float32 as in the forward pass, or null
 * @param output [R, H, D] as the forward pass wrote it
 * @param outputGradient [R, H, D]
 * @param queryGradient [R, H, D], written whole
 * @param keyGradient [T, H, D], written whole
 * @param valueGradient [T, H, D], written whole
 * @param offsetBiasGradient [H, columns] float32, written whole, exactly when there is a bias
 */
public record BackwardTensors(
        TensorView query,
        TensorView key,
        TensorView value,
        @Nullable TensorView offsetBias,
        TensorView output,
        TensorView outputGradient,
        TensorView queryGradient,
        TensorView keyGradient,
        TensorView valueGradient,
        @Nullable TensorView offsetBiasGradient) {}
