package io.longspan.training.metric;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was measured on held-out data.
 *
 * @param loss mean, natural log where it is a cross-entropy
 * @param metrics further numbers by name: {@code accuracy}, {@code macro_f1}, {@code micro_f1} of
 *     classes; {@code mse}, {@code pearson} of numbers; {@code exact_match}, {@code f1} of answers,
 *     in percent; {@code perplexity}, {@code bits_per_token}, {@code bits_per_character} of tokens
 */
public record Evaluation(double loss, NavigableMap<String, Double> metrics) {
    public static final String LOSS = "loss";
    public static final String ACCURACY = "accuracy";
    public static final String MACRO_F1 = "macro_f1";
    public static final String MICRO_F1 = "micro_f1";
    public static final String SQUARED_ERROR = "mse";
    public static final String PEARSON = "pearson";
    public static final String EXACT = "exact_match";
    public static final String F1 = "f1";
    public static final String PERPLEXITY = "perplexity";
    public static final String BITS_PER_TOKEN = "bits_per_token";
    public static final String BITS_PER_CHARACTER = "bits_per_character";

    /** Copies the map. */
    public Evaluation {
        metrics = Collections.unmodifiableNavigableMap(new TreeMap<>(metrics));
    }

    /** All numbers by name, the loss included. */
    public NavigableMap<String, Double> all() {
        NavigableMap<String, Double> all = new TreeMap<>(metrics);
        all.put(LOSS, loss);
        return all;
    }
}
