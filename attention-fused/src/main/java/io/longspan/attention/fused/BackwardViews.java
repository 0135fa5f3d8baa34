package io.longspan.attention.fused;

import io.longspan.attention.BackwardTensors;
import io.longspan.attention.TensorView;
import org.jspecify.annotations.Nullable;

/** The memory of a backward call, looked up once. */
record BackwardViews(
        Matrix query,
        Matrix key,
        Matrix value,
        @Nullable TensorView offsetBias,
        Matrix output,
        Matrix outputGradient,
        Matrix queryGradient,
        Matrix keyGradient,
        Matrix valueGradient,
        @Nullable TensorView offsetBiasGradient) {

    static BackwardViews of(BackwardTensors tensors) {
        return new BackwardViews(
                new Matrix(tensors.query()),
                new Matrix(tensors.key()),
                new Matrix(tensors.value()),
                tensors.offsetBias(),
                new Matrix(tensors.output()),
                new Matrix(tensors.outputGradient()),
                new Matrix(tensors.queryGradient()),
                new Matrix(tensors.keyGradient()),
                new Matrix(tensors.valueGradient()),
                tensors.offsetBiasGradient());
    }
}
