package io.longspan.serving.track;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Makes UUIDs of version 7: milliseconds first, so that they sort by time, then random bits. */
final class CallIds {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;

    private final SecureRandom random = new SecureRandom();

    UUID next(Instant at) {
        long high = (at.toEpochMilli() << 16) | VERSION | (random.nextLong() & 0xfffL);
        long low = (random.nextLong() >>> 2) | VARIANT;
        return new UUID(high, low);
    }
}
