package io.longspan.admin.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Slows down guessing: after a few failures of one user name from one address, each further one
 * doubles the wait. An attempt counts when it begins, so that many at once gain nothing. Memory is
 * bounded; who has not tried for longest is forgotten first. Thread-safe.
 */
final class LoginThrottle {
    private static final int FREE_FAILURES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 10;
    private static final int LONGEST_NAME = 100;

    private final InstantSource clock;
    private final Map<Source, Failures> bySource;

    LoginThrottle(InstantSource clock, int capacity) {
        this.clock = clock;
        bySource =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Source, Failures> eldest) {
                        return size() > capacity;
                    }
                };
    }

    /**
     * An attempt begins. It counts as a failure until {@link #passed} or {@link #undecided} says
     * otherwise.
     *
     * @return how long to wait, if it must not be made now
     */
    synchronized Optional<Duration> begin(String name, String address) {
        Source source = Source.of(name, address);
        Instant now = clock.instant();
        @Nullable Failures known = bySource.get(source);
        if (known != null && known.last().plus(FORGOTTEN_AFTER).isBefore(now)) {
            known = null;
        }
        if (known != null && now.isBefore(known.blockedUntil())) {
            return Optional.of(Duration.between(now, known.blockedUntil()));
        }
        int count = known == null ? 1 : known.count() + 1;
        bySource.put(source, new Failures(count, now));
        return Optional.empty();
    }

    /** The attempt was right. */
    synchronized void passed(String name, String address) {
        bySource.remove(Source.of(name, address));
    }

    /** Whether the attempt was right could not be found out. */
    synchronized void undecided(String name, String address) {
        bySource.computeIfPresent(
                Source.of(name, address),
                (source, known) ->
                        known.count() == 1 ? null : new Failures(known.count() - 1, known.last()));
    }

    private record Source(String name, String address) {
        static Source of(String name, String address) {
            return new Source(name.substring(0, Math.min(name.length(), LONGEST_NAME)), address);
        }
    }

    private record Failures(int count, Instant last) {
        Instant blockedUntil() {
            if (count < FREE_FAILURES) {
                return last;
            }
            int doublings = Math.min(count - FREE_FAILURES, MOST_DOUBLINGS);
            Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
            return last.plus(wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
        }
    }
}
