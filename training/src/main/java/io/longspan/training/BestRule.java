package io.longspan.training;

import io.longspan.model.ModelInputException;
import java.util.Set;

/**
 * What the measurements on held-out data decide.
 *
 * @param keep whether the best checkpoint is kept beside the newest
 * @param metric by which one is better than another: {@code loss}, or what {@link Evaluation} names
 * @param patience looks in a row without a better one after which the run ends; 0 for never
 */
public record BestRule(boolean keep, String metric, int patience) {
    /** Nothing is decided. */
    static final BestRule NONE = new BestRule(false, Evaluation.LOSS, 0);

    private static final Set<String> LOWER = Set.of(Evaluation.LOSS, Evaluation.SQUARED_ERROR);

    /** Whether anything is decided. */
    boolean decides() {
        return keep || patience > 0;
    }

    /**
     * The deciding number.
     *
     * @throws ModelInputException when it is not measured
     */
    double value(Evaluation evaluation) {
        Double value = evaluation.all().get(metric);
        if (value == null) {
            throw new ModelInputException(
                    "training setting 'best_metric' is '"
                            + metric
                            + "'; this run measures "
                            + String.join(", ", evaluation.all().keySet()));
        }
        return value;
    }

    /** Whether a number is better than another. A number that is none is never better. */
    boolean better(double value, double than) {
        return LOWER.contains(metric) ? value < than : value > than;
    }
}
