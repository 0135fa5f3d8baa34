package io.longspan.training;

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
record Schedule(Decay decay, double peak, double last, int warmup, int steps, double power) {
    static Schedule of(TrainingConfig config, Plan plan) {
        return new Schedule(
                config.decay(),
                config.learningRate(),
                config.finalLearningRate(),
                plan.warmup(),
                plan.steps(),
                config.decayPower());
    }

    /** The rate of a step, counted from 0. */
    double rate(long step) {
        if (step < warmup) {
            return peak * (step + 1) / warmup;
        }
        double left = 1 - (double) (step - warmup) / (steps - warmup);
        return last + (peak - last) * decay.share(left, power);
    }
}
