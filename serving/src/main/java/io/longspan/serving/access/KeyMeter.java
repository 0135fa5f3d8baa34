package io.longspan.serving.access;

import io.longspan.model.Quoted;
import io.longspan.serving.access.AccessSettings.Limits;
import io.longspan.serving.schedule.Refusals;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** What a key uses, and when it has to wait. Thread-safe. */
final class KeyMeter {
    /** When a call of the same key may have ended; nobody knows. */
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(200);

    private final String name;
    private final Limits limits;
    private final LongSupplier nanos;
    private final Allowance calls;
    private final Allowance tokens;
    private int running;

    KeyMeter(String name, Limits limits, LongSupplier nanos) {
        this.name = name;
        this.limits = limits;
        this.nanos = nanos;
        long now = nanos.getAsLong();
        calls = new Allowance(limits.callsPerMinute(), now);
        tokens = new Allowance(limits.tokensPerMinute(), now);
    }

    /**
     * A call begins.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED, with when to come back
     */
    synchronized void begin() {
        if (limits.concurrentCalls() > 0 && running >= limits.concurrentCalls()) {
            throw over(limits.concurrentCalls() + " calls at the same time", SOON);
        }
        long wait = calls.pause(nanos.getAsLong());
        if (wait > 0) {
            throw over(limits.callsPerMinute() + " calls a minute", wait);
        }
        calls.take(1);
        running++;
    }

    /** A call that began has ended. */
    synchronized void end() {
        running--;
    }

    /**
     * Tokens are about to be computed.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED, with when to come back
     */
    synchronized void spend(int amount) {
        long wait = tokens.pause(nanos.getAsLong());
        if (wait > 0) {
            throw over(limits.tokensPerMinute() + " tokens a minute", wait);
        }
        tokens.take(amount);
    }

    private RuntimeException over(String limit, long wait) {
        return Refusals.busy(
                "key "
                        + Quoted.of(name)
                        + " may use "
                        + limit
                        + ", and has used them; try again later",
                wait);
    }
}
