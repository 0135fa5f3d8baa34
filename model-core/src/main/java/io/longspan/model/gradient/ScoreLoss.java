package io.longspan.model.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.Rows;
import io.longspan.model.head.HeadDropout;
import io.longspan.model.head.TaskHead;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** A head with few scores per row: recorded up to the scores. */
record ScoreLoss(TaskHead head) implements HeadLoss {
    @Override
    public NDArray reached(
            NDArray hidden, LabelledBatch batch, @Nullable DropoutDraw dropout, NDManager scope) {
        long[] wanted = batch.labels().rows(batch.tokens().layout());
        try (NDArray index = Rows.index(scope, wanted);
                NDArray rows = Rows.pick(hidden, index)) { // [R, N]
            HeadDropout drawn = HeadDropout.of(wanted, batch.tokens().layout(), dropout);
            NDArray scores = head.forward(rows, drawn); // [R, K]
            scores.attach(scope);
            return scores;
        }
    }

    @Override
    public double loss(NDArray reached, LabelledBatch batch) {
        return batch.labels().loss(TensorBridge.floats(reached), batch.tokens().layout(), null);
    }

    @Override
    public double lossAndGradient(
            NDArray reached, LabelledBatch batch, float weight, NDArray gradient) {
        float[] scores = TensorBridge.floats(reached);
        float[] slopes = new float[scores.length];
        double sum = batch.labels().loss(scores, batch.tokens().layout(), slopes);
        MemorySegment target = TensorBridge.memory(gradient);
        for (int i = 0; i < slopes.length; i++) {
            target.setAtIndex(ValueLayout.JAVA_FLOAT, i, weight * slopes[i]);
        }
        return sum;
    }
}
