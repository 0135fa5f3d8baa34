package io.longspan.attention.fused;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed crew of platform threads; the caller of {@link #run} is one of them. One job runs at a
 * time: callers that come meanwhile wait for their turn, so the cores are never asked for more than
 * the crew. Which thread takes which item does not matter to the answer.
 */
final class Workers implements AutoCloseable {
    /** Work that is cut into items, any of which may run beside any other. */
    @FunctionalInterface
    interface Job {
        /**
         * Does one item.
         *
         * @param item its index
         * @param worker index of the thread that does it, below the size of the crew
         */
        void run(int item, int worker);
    }

    /** How often a thread looks again before it goes to sleep: some tens of microseconds. */
    private static final int SPINS = 2000;

    private final ReentrantLock turn = new ReentrantLock(true);
    private final List<Thread> helpers = new ArrayList<>();
    private volatile @Nullable Running current;
    private volatile boolean closed;

    Workers(int threads) {
        for (int worker = 1; worker < threads; worker++) {
            int own = worker;
            Thread helper =
                    Thread.ofPlatform()
                            .name("longspan-fused-" + worker)
                            .daemon()
                            .unstarted(() -> help(own));
            helpers.add(helper);
            helper.start();
        }
    }

    int size() {
        return helpers.size() + 1;
    }

    /**
     * Does all items and returns when the last is done. What an item throws is thrown here, after
     * all threads have let go of the job.
     *
     * @throws IllegalStateException when the crew was closed
     */
    void run(int items, Job job) {
        turn.lock();
        try {
            requireOpen();
            Running running = new Running(job, items, Thread.currentThread());
            if (items > 1) {
                current = running;
                helpers.forEach(LockSupport::unpark);
            }
            running.work(0);
            running.await();
            current = null;
            running.rethrow();
        } finally {
            turn.unlock();
        }
    }

    /** Throws when the crew was closed. */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("attention backend 'fused' is closed");
        }
    }

    private void help(int worker) {
        Running last = null;
        while (!closed) {
            Running next = current;
            for (int spin = 0; spin < SPINS && (next == null || next == last); spin++) {
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
        turn.lock();
        try {
            closed = true;
        } finally {
            turn.unlock();
        }
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
            joinUninterruptibly(helper);
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A job on its way. */
    private static final class Running {
        private final Job job;
        private final int items;
        private final Thread caller;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile @Nullable Throwable failure;

        Running(Job job, int items, Thread caller) {
            this.job = job;
            this.items = items;
            this.caller = caller;
        }

        void work(int worker) {
            for (int item = next.getAndIncrement(); item < items; item = next.getAndIncrement()) {
                try {
                    if (failure == null) {
                        job.run(item, worker);
                    }
                } catch (RuntimeException | Error e) {
                    failure = e;
                } finally {
                    if (done.incrementAndGet() == items) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }

        void await() {
            for (int spin = 0; done.get() < items; spin++) {
                if (spin < SPINS) {
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
