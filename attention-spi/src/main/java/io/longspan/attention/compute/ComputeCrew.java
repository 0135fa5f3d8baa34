package io.longspan.attention.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed crew of platform threads; the caller of {@link #run} is one of them. One job runs at a
 * time: callers that come meanwhile wait for their turn, first come, first served, so the cores are
 * never asked for more than the crew. Which thread takes which item is not known before, so no
 * answer may depend on it.
 *
 * <p>Any thread may call it. Whoever made it closes it, after everything that computes with it.
 */
public final class ComputeCrew implements AutoCloseable {
    /** Work that is cut into items, any of which may run beside any other. */
    @FunctionalInterface
    public interface Job {
        /**
         * Does one item.
         *
         * @param item its index
         * @param worker index of the thread that does it, below the size of the crew; a worker does
         *     one item at a time, and each but 0 is always the same thread
         */
        void run(int item, int worker);
    }

    /** The right to compute, until it is closed by the thread that took it. */
    @FunctionalInterface
    public interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * How often a thread looks again before it goes to sleep: some tens of microseconds, as long as
     * the gap between two jobs of a layer.
     */
    static final int LOOKS = 2000;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final List<Thread> helpers = new ArrayList<>();
    private volatile @Nullable RunningJob current;
    private volatile boolean closed;

    /**
     * Starts the threads.
     *
     * @param threads that compute at once, the caller's included; at least 1
     */
    public ComputeCrew(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads is " + threads + "; it must be at least 1");
        }
        for (int worker = 1; worker < threads; worker++) {
            int own = worker;
            Thread helper =
                    Thread.ofPlatform()
                            .name("longspan-compute-" + worker)
                            .daemon()
                            .unstarted(() -> help(own));
            helpers.add(helper);
            helper.start();
        }
    }

    /** A crew with a thread for each processor that this process may use. */
    public static ComputeCrew ofProcessors() {
        return new ComputeCrew(Runtime.getRuntime().availableProcessors());
    }

    /** How many threads compute at once. */
    public int threads() {
        return helpers.size() + 1;
    }

    /**
     * Does all items and returns when the last is done. What an item throws is thrown here, after
     * all threads have let go of the job.
     *
     * @throws IllegalStateException when the crew was closed, or when an item of a job calls
     */
    public void run(int items, Job job) {
        try (Turn _ = turn()) {
            requireOpen();
            RunningJob running = new RunningJob(job, items, Thread.currentThread());
            current = running;
            try {
                if (items > 1) {
                    helpers.forEach(LockSupport::unpark);
                }
                running.work(0);
                running.await();
            } finally {
                current = null;
            }
            running.rethrow();
        }
    }

    /**
     * Waits for the caller's turn to compute on threads that are not the crew's. Jobs of the same
     * thread run within it; those of others wait.
     *
     * @return the caller's to close, on this thread
     * @throws IllegalStateException when an item of a job calls
     */
    public Turn turn() {
        if (turn.isHeldByCurrentThread()
                ? current != null
                : helpers.contains(Thread.currentThread())) {
            throw new IllegalStateException(
                    "an item of a job asks for a turn, which would wait for itself; run jobs one after the other");
        }
        turn.lock();
        return turn::unlock;
    }

    /** Throws an {@link IllegalStateException} when the crew was closed. */
    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "the compute crew is closed; close it after what computes with it");
        }
    }

    private void help(int worker) {
        RunningJob last = null;
        while (!closed) {
            RunningJob next = current;
            for (int look = 0; look < LOOKS && (next == null || next == last); look++) {
                Thread.onSpinWait();
                next = current;
            }
            if (next == null || next == last) {
                LockSupport.park(this);
            } else {
                last = next;
                next.work(worker);
            }
        }
    }

    /** Waits for the job that runs, ends the threads and waits for their end. Harmless twice. */
    @Override
    public void close() {
        try (Turn _ = turn()) {
            closed = true;
        }
        boolean interrupted = false;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
            while (helper.isAlive()) {
                try {
                    helper.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
