package io.longspan.serving.access;

import io.grpc.Status;
import io.longspan.store.key.ApiKeyRow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Keys that have been seen. A key is looked up when it comes for the first time; from then on a
 * thread of its own confirms all of them together, so no call waits for the database and a key that
 * was revoked is refused within seconds. While the database is away, known keys go on for a while
 * and unknown ones are UNAVAILABLE. Thread-safe. Holds hashes, no secrets.
 */
final class KnownKeys {
    private static final Logger LOG = LoggerFactory.getLogger(KnownKeys.class);

    /** How long a key that was confirmed last is good while nobody can be asked. */
    static final Duration GRACE = Duration.ofMinutes(10);

    /** How long an unused key is remembered. */
    static final Duration IDLE = Duration.ofMinutes(5);

    /** How long a refusal is remembered. */
    static final Duration REFUSED = Duration.ofSeconds(5);

    /** How long nobody asks a database that was away. */
    static final Duration REST = Duration.ofSeconds(2);

    /** Uses are noted to the minute. */
    private static final Duration NOTED = Duration.ofMinutes(1);

    /** Strangers must not take all connections of the pool. */
    static final int ASKING = 4;

    private static final int MOST_REFUSED = 10_000;

    private final KeyTable table;
    private final LongSupplier nanos;
    private final InstantSource clock;
    private final Map<String, Known> keys = new ConcurrentHashMap<>();
    private final Map<String, Long> refused = new ConcurrentHashMap<>();
    private final Semaphore asking = new Semaphore(ASKING);
    private volatile long rested;
    private volatile boolean away;

    /** A key, when it was confirmed, used, and its use noted, on the clock of nanoseconds. */
    private static final class Known {
        private final ApiKeyRow row;
        private volatile long confirmed;
        private volatile long used;
        private long noted;

        Known(ApiKeyRow row, long now) {
            this.row = row;
            confirmed = now;
            used = now;
            noted = now - NOTED.toNanos();
        }
    }

    /**
     * Keys of a table that outlives them.
     *
     * @param nanos clock of nanoseconds
     * @param clock time of day, for expiry
     */
    KnownKeys(KeyTable table, LongSupplier nanos, InstantSource clock) {
        this.table = table;
        this.nanos = nanos;
        this.clock = clock;
        rested = nanos.getAsLong();
    }

    /**
     * The key of a secret, if it opens anything now.
     *
     * @throws io.grpc.StatusRuntimeException UNAVAILABLE when that cannot be found out
     */
    Optional<ApiKeyRow> find(String secret) {
        String hash = hash(secret);
        long now = nanos.getAsLong();
        Known known = keys.get(hash);
        if (known != null && now - known.confirmed < GRACE.toNanos()) {
            known.used = now;
            return Optional.of(known.row).filter(this::lasts);
        }
        Long since = refused.get(hash);
        if (since != null && now - since < REFUSED.toNanos()) {
            return Optional.empty();
        }
        return ask(secret, hash, now);
    }

    private Optional<ApiKeyRow> ask(String secret, String hash, long now) {
        if (now - rested < 0 || !asking.tryAcquire()) {
            throw unavailable();
        }
        Optional<ApiKeyRow> found;
        try {
            found = table.check(secret);
            away = false;
        } catch (DataAccessException e) {
            failed(e);
            throw unavailable();
        } finally {
            asking.release();
        }
        if (found.isPresent()) {
            keys.put(hash, new Known(found.get(), now));
        } else {
            keys.remove(hash);
            refuse(hash, now);
        }
        return found;
    }

    /** Asks which keys still open something, and notes which were used. For one thread. */
    void confirm() {
        long now = nanos.getAsLong();
        refused.values().removeIf(since -> now - since >= REFUSED.toNanos());
        keys.values().removeIf(known -> now - known.used > IDLE.toNanos());
        Map<String, Known> asked = Map.copyOf(keys);
        if (asked.isEmpty()) {
            return;
        }
        try {
            Set<Long> open =
                    table.open(
                            asked.values().stream()
                                    .map(known -> known.row.id())
                                    .collect(Collectors.toSet()));
            away = false;
            asked.forEach((hash, known) -> {
                if (open.contains(known.row.id())) {
                    known.confirmed = now;
                } else {
                    keys.remove(hash, known);
                    refuse(hash, now);
                }
            });
            for (Known known : asked.values()) {
                note(known, now);
            }
        } catch (DataAccessException e) {
            failed(e);
        }
    }

    private void note(Known known, long now) {
        if (known.used - known.noted >= NOTED.toNanos()) {
            table.used(known.row.id());
            known.noted = now;
        }
    }

    private void refuse(String hash, long now) {
        if (refused.size() < MOST_REFUSED) {
            refused.put(hash, now);
        }
    }

    private boolean lasts(ApiKeyRow row) {
        return row.expiresAt().filter(end -> !end.isAfter(clock.instant())).isEmpty();
    }

    private void failed(DataAccessException problem) {
        rested = nanos.getAsLong() + REST.toNanos();
        if (!away) {
            away = true;
            LOG.warn(
                    "keys cannot be checked, the database cannot be used ({}); keys that were used lately go on for {} minutes",
                    problem.getMessage(),
                    GRACE.toMinutes());
        }
    }

    private static RuntimeException unavailable() {
        return Status.UNAVAILABLE
                .withDescription("the key cannot be checked now; try again in some seconds")
                .asRuntimeException();
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
