package io.longspan.training.optim;

import io.longspan.training.config.Decay;
import io.longspan.training.config.TrainingConfig;

/**
 * The learning rate of each step: a straight line up to the peak, then down.
 *
 * @param decay how it falls
 * @param peak highest rate
 * @param last rate that the fall aims at
 * @param warmup steps of the rise
 * @param steps of the run
 * @param power of the polynomial
 */
public record Schedule(Decay decay, double peak, double last, int warmup, int steps, double power) {
    public static Schedule of(TrainingConfig config, Plan plan) {
        return new Schedule(
                config.rate().decay(),
                config.rate().peak(),
                config.rate().last(),
                plan.warmup(),
                plan.steps(),
                config.rate().power());
    }

    /** The rate of a step, counted from 0. */
    public double rate(long step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double left = 1 - (double) (step - warmup) / (steps - warmup);
        return last + (peak - last) * decay.share(left, power);
    }
}
