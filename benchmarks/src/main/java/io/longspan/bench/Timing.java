package io.longspan.bench;

import java.util.Arrays;

/**
 * The timed runs of one pass.
 *
 * @param medianSeconds of the runs
 * @param minSeconds of the runs
 * @param maxSeconds of the runs
 * @param runs counted
 */
public record Timing(double medianSeconds, double minSeconds, double maxSeconds, int runs) {
    /** Of the seconds of each run. */
    public static Timing of(double... seconds) {
        double[] sorted = seconds.clone();
        Arrays.sort(sorted);
        return new Timing(
                sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1], sorted.length);
    }
}
