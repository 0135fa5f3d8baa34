package io.longspan.serving;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend that a test can hold, count and break. */
final class GatedBackend implements ComposedBackend {
    final AtomicInteger calls = new AtomicInteger();
    final Semaphore entered = new Semaphore(0);
    private final Semaphore gate = new Semaphore(0);
    private final ComposedBackend behind;
    volatile boolean held;
    volatile boolean broken;
    volatile int breaksAbove = Integer.MAX_VALUE;
    volatile int tokens;

    GatedBackend(AttentionBackend behind) {
        this.behind = (ComposedBackend) behind;
    }

    /** Lets a held run go on, through all its layers. */
    void open() {
        held = false;
        gate.release(1000);
    }

    /** Holds the next runs. */
    void hold() {
        gate.drainPermits();
        entered.drainPermits();
        held = true;
    }

    @Override
    public ComposedResult forward(ComposedCall call) {
        calls.incrementAndGet();
        entered.release();
        tokens = call.layout().tokens();
        if (broken || tokens > breaksAbove) {
            throw new IllegalStateException("secret of the backend");
        }
        if (held) {
            try {
                if (!gate.tryAcquire(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody opened the gate");
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return behind.forward(call);
    }

    @Override
    public Support supports(Workload workload) {
        return behind.supports(workload);
    }

    @Override
    public void close() {
        behind.close();
    }
}
