package io.longspan.model.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.model.encoder.DropoutDraw;
import org.jspecify.annotations.Nullable;

/**
 * A head with its loss. The engine records the part of the head that it differentiates; from there
 * on gradients are written by hand.
 */
sealed interface HeadLoss permits VocabularyLoss, ScoreLoss {
    /**
     * The part that may be recorded.
     *
     * @param hidden [T, N]
     * @param dropout the randomness of the batch, or null for none
     * @param scope receives the result and every temporary
     * @return one row per row of the labels
     */
    NDArray reached(
            NDArray hidden, LabelledBatch batch, @Nullable DropoutDraw dropout, NDManager scope);

    /** Sum of the loss over its terms. Runs with recording off. */
    double loss(NDArray reached, LabelledBatch batch);

    /**
     * The same and the gradient of {@code weight} times the sum; weights of the head that the
     * engine did not record get theirs here. Runs with recording off.
     *
     * @param gradient in the shape of {@code reached}, all zeros; receives its gradient
     */
    double lossAndGradient(NDArray reached, LabelledBatch batch, float weight, NDArray gradient);
}
