package io.longspan.attention.compute;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A job on its way: items are taken one by one, by whoever is free. */
final class RunningJob {
    private final ComputeCrew.Job job;
    private final int items;
    private final Thread caller;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile @Nullable Throwable failure;

    RunningJob(ComputeCrew.Job job, int items, Thread caller) {
        this.job = job;
        this.items = items;
        this.caller = caller;
    }

    /** Does items until none is left to take. */
    void work(int worker) {
        for (int item = taken.getAndIncrement(); item < items; item = taken.getAndIncrement()) {
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

    /** Returns when the last item is done; only its caller waits. */
    void await() {
        for (int look = 0; done.get() < items; look++) {
            if (look < ComputeCrew.LOOKS) {
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
