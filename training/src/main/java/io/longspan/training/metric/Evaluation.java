package io.longspan.training.metric;

import io.longspan.model.head.ProblemType;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was measured on held-out data.
 *
 * @param loss mean, natural log where it is a cross-entropy
 * @param metrics further numbers by name: {@code accuracy}, {@code macro_f1}, {@code micro_f1} of
 *     classes; {@code mse}, {@code pearson} of numbers
 */
public record Evaluation(double loss, NavigableMap<String, Double> metrics) {
    public static final String LOSS = "loss";
    public static final String ACCURACY = "accuracy";
    public static final String MACRO_F1 = "macro_f1";
    public static final String MICRO_F1 = "micro_f1";
    public static final String SQUARED_ERROR = "mse";
    public static final String PEARSON = "pearson";

    /** Copies the map. */
    public Evaluation {
        metrics = Collections.unmodifiableNavigableMap(new TreeMap<>(metrics));
    }

    /** What is measured for a kind of problem. */
    public static List<String> names(ProblemType problem) {
        return problem == ProblemType.REGRESSION
                ? List.of(LOSS, SQUARED_ERROR, PEARSON)
                : List.of(LOSS, ACCURACY, MACRO_F1, MICRO_F1);
    }

    /** All numbers by name, the loss included. */
    public NavigableMap<String, Double> all() {
        NavigableMap<String, Double> all = new TreeMap<>(metrics);
        all.put(LOSS, loss);
        return all;
    }
}
