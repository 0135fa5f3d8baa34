package io.longspan.api;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * When a call is made again. Only calls that read are: those of {@code Inference}, {@code
 * Inferences} and {@code Backends}, and {@code List} and {@code Describe} of {@code Models}; and
 * only while no answer has begun and the deadline is not over. They are made again when the server
 * was UNAVAILABLE or too busy (RESOURCE_EXHAUSTED): after as long as the server says, or after a
 * random part of a pause that doubles. When most calls fail, none is made again until some succeed.
 *
 * <p>Every attempt has a row in the server's log.
 *
 * @param attempts in all, from 2 to 5
 * @param first pause before the second attempt, at most
 * @param longest pause
 */
public record Retries(int attempts, Duration first, Duration longest) {
    private static final int FEWEST = 2;

    /** As many as gRPC makes whatever it is told. */
    private static final int MOST = 5;

    private static final double DOUBLE = 2;
    private static final double MILLIS = 1000;

    /** Failures that may be ahead of successes; a success counts half. */
    private static final double FAILURES = 100;

    private static final double SUCCESS = 0.5;

    private static final List<Map<String, String>> READING =
            List.of(
                    Map.of("service", "longspan.v1.Inference"),
                    Map.of("service", "longspan.v1.Inferences", "method", "List"),
                    Map.of("service", "longspan.v1.Inferences", "method", "GetPayload"),
                    Map.of("service", "longspan.v1.Backends"),
                    Map.of("service", "longspan.v1.Models", "method", "List"),
                    Map.of("service", "longspan.v1.Models", "method", "Describe"));

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException naming what is out of range
     */
    public Retries {
        if (attempts < FEWEST || attempts > MOST) {
            throw new IllegalArgumentException(
                    "the number of attempts is "
                            + attempts
                            + "; it must be from "
                            + FEWEST
                            + " to "
                            + MOST);
        }
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "the pauses between attempts are "
                            + first
                            + " to "
                            + longest
                            + "; the first must be positive and the longest no shorter");
        }
    }

    /** Four attempts, with pauses of 100 milliseconds to 2 seconds. */
    public static Retries usual() {
        return new Retries(4, Duration.ofMillis(100), Duration.ofSeconds(2));
    }

    /** As gRPC's service config says it. */
    Map<String, Object> serviceConfig() {
        return Map.of(
                "methodConfig",
                List.of(
                        Map.of(
                                "name",
                                READING,
                                "retryPolicy",
                                Map.of(
                                        "maxAttempts",
                                        (double) attempts,
                                        "initialBackoff",
                                        seconds(first),
                                        "maxBackoff",
                                        seconds(longest),
                                        "backoffMultiplier",
                                        DOUBLE,
                                        "retryableStatusCodes",
                                        List.of("UNAVAILABLE", "RESOURCE_EXHAUSTED")))),
                "retryThrottling",
                Map.of("maxTokens", FAILURES, "tokenRatio", SUCCESS));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3fs", time.toMillis() / MILLIS);
    }
}
