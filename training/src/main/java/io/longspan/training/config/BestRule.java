package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import io.longspan.training.metric.Evaluation;
import java.util.Map;
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
    public static final BestRule NONE = new BestRule(false, Evaluation.LOSS, 0);

    private static final Set<String> LOWER = Set.of(Evaluation.LOSS, Evaluation.SQUARED_ERROR);

    static BestRule parse(Settings from) {
        String metric = from.text("best_metric");
        BestRule rule =
                new BestRule(
                        from.choice("keep_best", false),
                        metric == null ? Evaluation.LOSS : metric,
                        from.count("patience", 0));
        if (metric != null && !rule.decides()) {
            throw new ModelInputException(
                    "training setting 'best_metric' decides nothing; set keep_best: true or patience as well");
        }
        return rule.decides() ? rule : NONE;
    }

    void put(Map<String, String> all) {
        if (decides()) {
            all.put("keep_best", Boolean.toString(keep));
            all.put("best_metric", metric);
            all.put("patience", Integer.toString(patience));
        }
    }

    /** Whether anything is decided. */
    public boolean decides() {
        return keep || patience > 0;
    }

    /**
     * The deciding number.
     *
     * @throws ModelInputException when it is not measured
     */
    public double value(Evaluation evaluation) {
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
    public boolean better(double value, double than) {
        return LOWER.contains(metric) ? value < than : value > than;
    }
}
