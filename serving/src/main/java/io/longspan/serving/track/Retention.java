package io.longspan.serving.track;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Takes rows of the log away that are older than they may get, once an hour, on a thread of its
 * own. Several servers over one database do no harm to each other. Closed by whoever started it.
 */
public final class Retention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration PAUSE = Duration.ofHours(1);
    private static final Duration LAST_RUN = Duration.ofSeconds(5);

    private final ToLongFunction<Instant> log;
    private final Duration age;
    private final InstantSource clock;
    private final String what;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private Retention(ToLongFunction<Instant> log, Duration age, InstantSource clock, String what) {
        this.log = log;
        this.what = what;
        this.age = age;
        this.clock = clock;
        thread = Thread.ofPlatform().name("longspan-retention").daemon().unstarted(this::work);
    }

    /**
     * Begins with a first round at once.
     *
     * @param log takes away what came in before a moment, and says how many rows these were
     * @param age that a row may have
     * @param what the rows that went were, for the server's log
     */
    public static Retention start(
            ToLongFunction<Instant> log, Duration age, InstantSource clock, String what) {
        Retention retention = new Retention(log, age, clock, what);
        retention.thread.start();
        return retention;
    }

    private void work() {
        try {
            do {
                forget();
            } while (!stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void forget() {
        try {
            long rows = log.applyAsLong(clock.instant().minus(age));
            if (rows > 0) {
                LOG.info("{} {} and are gone", rows, what);
            }
        } catch (DataAccessException e) {
            LOG.warn(
                    "old rows of the log cannot be taken away now, the next try is in an hour: {}",
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(LAST_RUN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
