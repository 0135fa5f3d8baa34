package io.longspan.training.run;

import io.longspan.training.metric.Evaluation;

/** Hears how far a run has come, for a progress line. Called from the thread that trains. */
@FunctionalInterface
public interface TrainingProgress {
    /**
     * What one step was like.
     *
     * @param step just done, from 1
     * @param total steps of the run
     * @param loss mean cross-entropy of the step, natural log
     * @param learningRate of the step
     * @param tokensPerSecond of the step
     * @param tokens that the run has read so far
     */
    record Step(
            long step,
            long total,
            double loss,
            double learningRate,
            double tokensPerSecond,
            long tokens) {}

    /** A step is done. */
    void step(Step step);

    /** The held-out data were measured; {@code step} steps were done before. */
    default void heldOut(long step, Evaluation evaluation) {}

    /** Hears nothing. */
    static TrainingProgress none() {
        return step -> {};
    }
}
