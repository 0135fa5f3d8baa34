package io.longspan.serving.service;

/**
 * How many tokens a request will have, by its bytes and by the requests of late. A guess, from
 * which nothing follows but who is refused before tokens are counted. Thread-safe: of two requests
 * at the same moment one may not count.
 */
final class ExpectedTokens {
    /** Of English text. */
    private static final double USUAL = 0.25;

    /** What one request counts. */
    private static final double WEIGHT = 0.02;

    private volatile double perByte = USUAL;

    /** Tokens in so many bytes, at least 1. */
    int in(int bytes) {
        return (int) Math.max(1, bytes * perByte);
    }

    /** A request had these. */
    void were(int tokens, int bytes) {
        double last = perByte;
        perByte = last + WEIGHT * (tokens / (double) Math.max(1, bytes) - last);
    }
}
