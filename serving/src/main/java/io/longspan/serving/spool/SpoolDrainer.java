package io.longspan.serving.spool;

import io.longspan.store.inference.InferenceEntry;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Moves rows from a spool to the database on a thread of its own. While the database is away it
 * tries again and again, and says so once. Closed before the spool, by whoever started it.
 */
public final class SpoolDrainer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolDrainer.class);
    private static final int BATCH = 500;
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private final Spool spool;
    private final Consumer<List<InferenceEntry>> database;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition wanted = lock.newCondition();
    private final Condition movedSome = lock.newCondition();
    private boolean hurry;
    private boolean stopping;
    private boolean away;

    private SpoolDrainer(Spool spool, Consumer<List<InferenceEntry>> database) {
        this.spool = spool;
        this.database = database;
        thread = Thread.ofPlatform().name("longspan-spool").daemon().unstarted(this::work);
    }

    /**
     * Starts moving.
     *
     * @param database adds rows, leaving those alone that it has already; throws when it cannot
     */
    public static SpoolDrainer start(Spool spool, Consumer<List<InferenceEntry>> database) {
        SpoolDrainer drainer = new SpoolDrainer(spool, database);
        drainer.thread.start();
        return drainer;
    }

    /**
     * Waits until every row that was appended before the call is in the database.
     *
     * @return false when that took longer than the patience
     */
    public boolean flush(Duration patience) {
        long target = spool.appended();
        long nanos = patience.toNanos();
        lock.lock();
        try {
            while (spool.moved() < target) {
                if (nanos <= 0) {
                    return false;
                }
                hurry = true;
                wanted.signalAll();
                nanos = movedSome.awaitNanos(nanos);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (!isStopping()) {
                spool.awaitRows(IDLE.toMillis());
                pause(GATHER);
                try {
                    drain();
                } catch (IOException | RuntimeException e) {
                    // Whatever it is, the rows are safe: say it and try again.
                    note(e);
                    pause(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() throws IOException {
        boolean more = true;
        while (more && !isStopping()) {
            // Rows that come while a batch is moved are gathered again: moving a few of them takes
            // the database, and the cores, about as long as moving many.
            Spool.Batch own = spool.nextOwn(BATCH);
            boolean full = own != null && own.piece().records().size() == BATCH;
            boolean moved = move(own);
            boolean left = move(spool.nextLeft(BATCH));
            more = (moved && full) || left;
        }
    }

    private boolean move(Spool.@Nullable Batch batch) throws IOException {
        if (batch == null) {
            return false;
        }
        if (!batch.rows().isEmpty()) {
            add(batch.rows());
        }
        spool.remove(batch);
        lock.lock();
        try {
            if (away) {
                away = false;
                LOG.info("the database takes inferences again");
            }
            hurry = false;
            movedSome.signalAll();
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** One row that the database refuses must not hold up all others for ever. */
    private void add(List<InferenceEntry> rows) {
        try {
            database.accept(rows);
        } catch (DataIntegrityViolationException together) {
            for (InferenceEntry row : rows) {
                try {
                    database.accept(List.of(row));
                } catch (DataIntegrityViolationException alone) {
                    // The exception's words may quote what the row holds.
                    LOG.error(
                            "the database refuses a row, which is lost: {} ({})",
                            row,
                            state(alone));
                }
            }
        }
    }

    private static String state(DataIntegrityViolationException refusal) {
        return refusal.getMostSpecificCause() instanceof SQLException cause
                ? "SQL state " + cause.getSQLState()
                : refusal.getMostSpecificCause().getClass().getName();
    }

    private void note(Exception problem) {
        lock.lock();
        try {
            if (!away) {
                away = true;
                LOG.warn(
                        "inferences cannot be moved to the database; they wait in the spool: {}",
                        String.valueOf(problem.getMessage()).lines().findFirst().orElse(""));
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (!hurry && !stopping && nanos > 0) {
                nanos = wanted.awaitNanos(nanos);
            }
            hurry = false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopping() {
        lock.lock();
        try {
            return stopping;
        } finally {
            lock.unlock();
        }
    }

    /** Moves what there is, for a few seconds at most, and stops. */
    @Override
    public void close() {
        if (!flush(LAST_FLUSH)) {
            LOG.warn("the database did not take every inference; the rest waits in the spool");
        }
        lock.lock();
        try {
            stopping = true;
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            // Not interrupted: that would break a connection in the middle of a batch.
            thread.join(LAST_FLUSH.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
