package io.longspan.serving.schedule;

/** How long a token takes, by the batches of late. Not thread-safe. */
final class Pace {
    /** What a batch counts once the next has run. */
    private static final double FADES = 0.9;

    private double tokens;
    private double nanos;

    void ran(long batchTokens, long batchNanos) {
        tokens = tokens * FADES + batchTokens;
        nanos = nanos * FADES + batchNanos;
    }

    /** Time that tokens take; 0 as long as nothing has run. */
    long nanos(long count) {
        return tokens == 0 ? 0 : (long) (count * (nanos / tokens));
    }
}
