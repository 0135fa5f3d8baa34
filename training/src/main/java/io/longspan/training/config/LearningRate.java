package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import java.util.Map;

/**
 * How fast a run learns.
 *
 * @param peak the highest rate
 * @param warmupSteps over which the rate rises in a straight line; -1 for the usual where the
 *     number of steps is known only with the data
 * @param decay how it falls afterwards
 * @param power of the polynomial by which it falls: 1 a straight line, 3 as in the paper, 0 not at
 *     all
 * @param last at the last step
 */
public record LearningRate(double peak, int warmupSteps, Decay decay, double power, double last) {
    /**
     * Checks.
     *
     * @throws ModelInputException naming the setting that is not allowed
     */
    public LearningRate {
        Need.that(peak > 0 && peak <= 1, "learning_rate", peak, "above 0 and at most 1");
        Need.that(
                decay != Decay.CONSTANT || last == 0,
                "final_learning_rate",
                last,
                "absent or 0 where schedule is constant");
        Need.that(power >= 0 && power <= 10, "decay_power", power, "from 0 to 10");
        Need.that(
                last >= 0 && last <= peak, "final_learning_rate", last, "from 0 to learning_rate");
    }

    static LearningRate parse(Settings from, int steps, Decay usual) {
        String wanted = from.text("schedule");
        Decay decay = wanted == null ? usual : Need.constant("schedule", wanted, Decay.values());
        if (decay != Decay.POLYNOMIAL && from.text("decay_power") != null) {
            throw new ModelInputException(
                    "training setting 'decay_power' is set and schedule is "
                            + Need.key(decay)
                            + "; it belongs to schedule: polynomial, so remove one of them");
        }
        return new LearningRate(
                from.number("learning_rate", 3e-5),
                from.text("warmup_steps") == null && steps == 0
                        ? -1
                        : from.count("warmup_steps", usualWarmup(steps)),
                decay,
                decay == Decay.POLYNOMIAL ? from.number("decay_power", 3) : 1,
                from.number("final_learning_rate", 0));
    }

    /** Steps in which the rate rises when nobody says. */
    public static int usualWarmup(int steps) {
        return Math.min(500, steps / 10);
    }

    /**
     * Writes the settings.
     *
     * @param named whether the schedule is written though it is the polynomial; pretraining leaves
     *     it out, as earlier versions did, so that their runs can be gone on with
     */
    void put(Map<String, String> all, boolean named) {
        all.put("learning_rate", Double.toString(peak));
        if (warmupSteps >= 0) {
            all.put("warmup_steps", Integer.toString(warmupSteps));
        }
        if (decay == Decay.POLYNOMIAL) {
            all.put("decay_power", Double.toString(power));
        }
        if (named || decay != Decay.POLYNOMIAL) {
            all.put("schedule", Need.key(decay));
        }
        all.put("final_learning_rate", Double.toString(last));
    }
}
