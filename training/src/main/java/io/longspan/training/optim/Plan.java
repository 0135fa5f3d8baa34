package io.longspan.training.optim;

import io.longspan.model.ModelInputException;
import io.longspan.training.config.FineTuning;
import io.longspan.training.config.LearningRate;
import io.longspan.training.config.TrainingConfig;

/**
 * How long a run is, known once its data are.
 *
 * @param steps of the optimiser
 * @param warmup steps in which the learning rate rises
 * @param evaluationEvery steps between two looks at held-out data; 0 for only before and after
 */
public record Plan(int steps, int warmup, int evaluationEvery) {
    /** The plan of a run whose length does not depend on its data. */
    public static Plan of(TrainingConfig config) {
        return new Plan(config.steps(), config.rate().warmupSteps(), config.looks().every());
    }

    /**
     * The plan of a run that goes through its examples.
     *
     * @param perEpoch steps of one time through them
     * @throws ModelInputException when that is too long, or the warm-up is longer
     */
    public static Plan of(TrainingConfig config, FineTuning tuning, int perEpoch) {
        long steps = config.steps() > 0 ? config.steps() : (long) tuning.epochs() * perEpoch;
        if (steps > Integer.MAX_VALUE) {
            throw new ModelInputException(
                    "training setting 'epochs' is "
                            + tuning.epochs()
                            + ", which is "
                            + steps
                            + " steps here; at most "
                            + Integer.MAX_VALUE
                            + " can be made, so lower it or raise examples_per_step");
        }
        int warmup =
                config.rate().warmupSteps() < 0
                        ? LearningRate.usualWarmup((int) steps)
                        : config.rate().warmupSteps();
        if (warmup >= steps) {
            throw new ModelInputException(
                    "training setting 'warmup_steps' is "
                            + warmup
                            + "; it must be below the steps of the run, which are "
                            + steps);
        }
        int every = config.looks().every() < 0 ? perEpoch : config.looks().every();
        return new Plan((int) steps, warmup, every);
    }
}
