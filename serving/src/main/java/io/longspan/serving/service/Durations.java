package io.longspan.serving.service;

import com.google.protobuf.Duration;

/** Nanoseconds as the wire has them. */
final class Durations {
    private static final long NANOS = 1_000_000_000L;

    private Durations() {}

    static long nanos(Duration duration) {
        return duration.getSeconds() * NANOS + duration.getNanos();
    }

    static Duration of(long nanos) {
        return Duration.newBuilder()
                .setSeconds(nanos / NANOS)
                .setNanos((int) (nanos % NANOS))
                .build();
    }
}
