package io.longspan.serving.access;

import java.time.Duration;

/**
 * So much a minute, saved up for a minute at most. Taking needs something left, and may take more
 * than that: what is missing has to come back first. Not thread-safe.
 */
final class Allowance {
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private final int perMinute;
    private double left;
    private long at;

    /**
     * A full one.
     *
     * @param perMinute 0 for no limit
     */
    Allowance(int perMinute, long now) {
        this.perMinute = perMinute;
        left = perMinute;
        at = now;
    }

    /** Nanoseconds until something can be taken; 0 for at once. */
    long pause(long now) {
        if (perMinute == 0) {
            return 0;
        }
        left = Math.min(perMinute, left + (now - at) / MINUTE * perMinute);
        at = now;
        // Less than one is nothing: calls and tokens come whole.
        return left >= 1 ? 0 : (long) Math.ceil((1 - left) / perMinute * MINUTE);
    }

    /** Takes some, after {@link #pause} said that it may. */
    void take(int amount) {
        left -= amount;
    }
}
