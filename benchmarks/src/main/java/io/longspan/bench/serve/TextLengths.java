package io.longspan.bench.serve;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Lengths of texts in tokens: any power of two is as likely as any other. Not thread-safe. */
final class TextLengths {
    /** Shortest text. */
    static final int LEAST = 16;

    /** Longest text of a model that reads as much. */
    static final int MOST = 4096;

    private static final String TOKEN = " a";
    private static final int FRAME = 2;

    private final RandomGenerator random;
    private final double span;
    private final int most;

    /**
     * Lengths that the seed determines.
     *
     * @param most longest, at least {@link #LEAST}
     */
    TextLengths(long seed, int most) {
        random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        this.most = most;
        span = Math.log((double) most / LEAST);
    }

    /** The next length, special tokens included. */
    int next() {
        return Math.min(most, (int) Math.round(LEAST * Math.exp(random.nextDouble() * span)));
    }

    /** Their mean for a longest text. */
    static double mean(int most) {
        return most == LEAST ? LEAST : (most - LEAST) / Math.log((double) most / LEAST);
    }

    /** Time until the next of requests that come at a rate and know nothing of each other. */
    double pause(double rate) {
        return -Math.log1p(-random.nextDouble()) / rate;
    }

    /** A text of so many tokens: a word of one token, as often as is needed. */
    static String text(int tokens) {
        return TOKEN.repeat(tokens - FRAME);
    }
}
