package io.longspan.attention.fused;

import io.longspan.attention.ForwardTensors;
import io.longspan.attention.TensorView;
import org.jspecify.annotations.Nullable;

/** The memory of a forward call, looked up once. */
record ForwardViews(
        Matrix query,
        Matrix key,
        Matrix value,
        @Nullable TensorView offsetBias,
        Matrix output,
        @Nullable Matrix logSumExp) {

    static ForwardViews of(ForwardTensors tensors) {
        TensorView logSumExp = tensors.logSumExp();
        return new ForwardViews(
                new Matrix(tensors.query()),
                new Matrix(tensors.key()),
                new Matrix(tensors.value()),
                tensors.offsetBias(),
                new Matrix(tensors.output()),
                logSumExp == null ? null : new Matrix(logSumExp));
    }
}
