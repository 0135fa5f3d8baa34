package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import java.util.Map;

/**
 * Settings of AdamW.
 *
 * @param beta1 share of the first moment that is kept
 * @param beta2 share of the second moment that is kept
 * @param epsilon beside the root of the second moment
 * @param weightDecay on tensors of rank 2 and more
 * @param clipNorm largest norm of all gradients together, 0 for no limit
 */
public record Optimizer(
        double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {
    /**
     * Checks.
     *
     * @throws ModelInputException naming the setting that is not allowed
     */
    public Optimizer {
        Need.that(beta1 >= 0 && beta1 < 1, "beta1", beta1, "at least 0 and below 1");
        Need.that(beta2 >= 0 && beta2 < 1, "beta2", beta2, "at least 0 and below 1");
        Need.that(epsilon > 0 && epsilon < 1, "epsilon", epsilon, "above 0 and below 1");
        Need.that(weightDecay >= 0 && weightDecay <= 1, "weight_decay", weightDecay, "from 0 to 1");
        Need.that(clipNorm >= 0 && clipNorm < 1e9, "clip_norm", clipNorm, "0 for none, or more");
    }

    static Optimizer parse(Settings from) {
        return new Optimizer(
                from.number("beta1", 0.9),
                from.number("beta2", 0.98),
                from.number("epsilon", 1e-6),
                from.number("weight_decay", 0.01),
                from.number("clip_norm", 1));
    }

    void put(Map<String, String> all) {
        all.put("beta1", Double.toString(beta1));
        all.put("beta2", Double.toString(beta2));
        all.put("epsilon", Double.toString(epsilon));
        all.put("weight_decay", Double.toString(weightDecay));
        all.put("clip_norm", Double.toString(clipNorm));
    }
}
