package io.longspan.training.example;

import java.util.NavigableMap;

/** Gathers what a model said of held-out examples. */
public interface ExampleMetrics {
    /**
     * Counts one example.
     *
     * @param scores those of the example, row after row
     */
    void add(EncodedExample example, float[] scores);

    /** The numbers by name. */
    NavigableMap<String, Double> measured();
}
