package io.longspan.model.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The threads that tiles run on. One job at a time: callers take turns in the order of their
 * coming, and work along as worker 0. Which thread takes which tile leaves no trace in the answer.
 */
final class TileCrew implements AutoCloseable {
    /** A job cut into tiles, any of which may run beside any other. */
    @FunctionalInterface
    interface Tiles {
        void run(int tile, int worker);
    }

    /**
     * Looks before a thread goes to sleep: some tens of microseconds, as long as a gap in a layer.
     */
    private static final int LOOKS = 2000;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final List<Thread> helpers = new ArrayList<>();
    private final Runnable onStart;
    private volatile @Nullable Job current;
    private volatile boolean closed;

    /**
     * Starts the threads.
     *
     * @param threads with the caller's
     * @param onStart run by each helper before its first tile
     */
    TileCrew(int threads, Runnable onStart) {
        this.onStart = onStart;
        for (int worker = 1; worker < threads; worker++) {
            int own = worker;
            Thread helper =
                    Thread.ofPlatform()
                            .name("longspan-linear-" + worker)
                            .daemon()
                            .unstarted(() -> help(own));
            helpers.add(helper);
            helper.start();
        }
    }

    int threads() {
        return helpers.size() + 1;
    }

    /** Runs all tiles and returns when the last is done; what a tile throws is thrown here. */
    void run(int tiles, Tiles work) {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the linear kernels are closed");
            }
            Job job = new Job(work, tiles, Thread.currentThread());
            if (tiles > 1) {
                current = job;
                helpers.forEach(LockSupport::unpark);
            }
            job.takeTiles(0);
            job.await();
            current = null;
            job.rethrow();
        } finally {
            turn.unlock();
        }
    }

    /** Does something while no job runs. */
    void between(Runnable work) {
        turn.lock();
        try {
            work.run();
        } finally {
            turn.unlock();
        }
    }

    private void help(int worker) {
        onStart.run();
        Job last = null;
        while (!closed) {
            Job next = current;
            for (int look = 0; look < LOOKS && (next == null || next == last); look++) {
                Thread.onSpinWait();
                next = current;
            }
            if (next == null || next == last) {
                LockSupport.park(this);
            } else {
                last = next;
                next.takeTiles(worker);
            }
        }
    }

    /** Waits for the job that runs and for the end of the threads. Harmless twice. */
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
        } finally {
            turn.unlock();
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

    /** Tiles on their way. */
    private static final class Job {
        private final Tiles work;
        private final int tiles;
        private final Thread caller;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Job(Tiles work, int tiles, Thread caller) {
            this.work = work;
            this.tiles = tiles;
            this.caller = caller;
        }

        void takeTiles(int worker) {
            for (int tile = taken.getAndIncrement(); tile < tiles; tile = taken.getAndIncrement()) {
                try {
                    if (failure == null) {
                        work.run(tile, worker);
                    }
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    if (done.incrementAndGet() == tiles) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        void await() {
            for (int look = 0; done.get() < tiles; look++) {
                if (look < LOOKS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
        }

        void rethrow() {
            Throwable thrown = failure;
            if (thrown instanceof Error error) {
                throw error;
            }
            if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }
}
