package io.longspan.store.inference;

import java.time.Instant;

/**
 * How calls did in a piece of time.
 *
 * @param start of the piece
 * @param calls that came in
 * @param errors those of them that ended with another status than OK
 * @param tokens that went into the models
 * @param p50Nanos median time from a call to its end, in nanoseconds
 * @param p95Nanos time that 95 of 100 calls did not exceed
 * @param p99Nanos time that 99 of 100 calls did not exceed
 */
public record TimePiece(
        Instant start,
        long calls,
        long errors,
        long tokens,
        long p50Nanos,
        long p95Nanos,
        long p99Nanos) {}
