package io.longspan.bench.serve;

import java.util.List;

/**
 * What is to be measured.
 *
 * @param target of the server
 * @param model that it serves
 * @param longest text that the model reads, in tokens
 * @param batchTokens of the server's batches at most
 * @param raw tokens per second of the model alone, about
 * @param peakOnly whether nothing but the peak is to be measured
 * @param seconds of each measurement
 * @param callers whose latencies are measured, each number 1 to 64
 * @param seed of lengths and times
 */
public record ServeBenchRequest(
        String target,
        String model,
        int longest,
        int batchTokens,
        double raw,
        boolean peakOnly,
        double seconds,
        List<Integer> callers,
        long seed) {
    /** Most callers. */
    public static final int MOST_CALLERS = 64;

    private static final double LEAST_PATIENCE = 60;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException naming what is out of range
     */
    public ServeBenchRequest {
        callers = List.copyOf(callers);
        if (!(seconds >= 0.5 && seconds <= 600)) {
            throw new IllegalArgumentException(
                    "a measurement is to take " + seconds + " seconds; it must be from 0.5 to 600");
        }
        for (int count : callers) {
            if (count < 1 || count > MOST_CALLERS) {
                throw new IllegalArgumentException(
                        "the number of callers is "
                                + count
                                + "; it must be from 1 to "
                                + MOST_CALLERS);
            }
        }
        if (!(raw > 0)) {
            throw new IllegalArgumentException(
                    "the model computes " + raw + " tokens per second; it must be more than 0");
        }
        if (longest < TextLengths.LEAST) {
            throw new IllegalArgumentException(
                    "the model reads "
                            + longest
                            + " tokens; the shortest text of the load has "
                            + TextLengths.LEAST);
        }
    }

    /** Seconds after which every caller would have been answered, four times over. */
    double patience() {
        return Math.max(
                LEAST_PATIENCE,
                4 * MOST_CALLERS * TextLengths.mean(ServeBench.most(longest)) / raw);
    }
}
