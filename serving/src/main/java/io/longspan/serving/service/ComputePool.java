package io.longspan.serving.service;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The few long-lived platform threads that run models, and the bounded number of requests that may
 * be in the house. Thread-safe.
 */
public final class ComputePool implements AutoCloseable {
    private static final Duration LAST_RUN = Duration.ofSeconds(30);

    /** Clients with a retry policy obey it (gRPC's proposal A6). */
    private static final Metadata.Key<String> RETRY_AFTER =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private static final long SOONEST = 50;
    private static final long LATEST = 30_000;

    private final ThreadPoolExecutor threads;
    private final Semaphore seats;
    private final int waiting;
    private volatile long lastRunNanos;

    /**
     * A pool.
     *
     * @param count threads
     * @param waiting requests that may be in the house beyond those that run
     */
    public ComputePool(int count, int waiting) {
        this.waiting = waiting;
        seats = new Semaphore(count + waiting);
        threads =
                new ThreadPoolExecutor(
                        count,
                        count,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        Thread.ofPlatform().name("longspan-compute-", 0).factory());
        threads.prestartAllCoreThreads();
    }

    /** A request's place in the house, left exactly once however often it is asked to. */
    public final class Seat {
        private final AtomicBoolean taken = new AtomicBoolean(true);
        private volatile Runnable work = () -> {};

        private Seat() {}

        /** Queues the work; the seat is left when it has run. */
        void run(Runnable todo) {
            Runnable queued =
                    () -> {
                        long begin = System.nanoTime();
                        try {
                            todo.run();
                        } finally {
                            lastRunNanos = System.nanoTime() - begin;
                            leave();
                        }
                    };
            work = queued;
            threads.execute(queued);
        }

        /** Takes the work out of the queue, unless it has begun. */
        void giveUp() {
            if (threads.remove(work)) {
                leave();
            }
        }

        /** Leaves without having queued anything, or after it. */
        void leave() {
            if (taken.compareAndSet(true, false)) {
                seats.release();
            }
        }
    }

    /**
     * Lets a request in.
     *
     * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when as many as may wait are
     *     waiting
     */
    Seat admit() {
        if (!seats.tryAcquire()) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription(
                            "the server is busy, "
                                    + waiting
                                    + " requests wait for a model, which is as many as may; try again later")
                    .asRuntimeException(comeBack());
        }
        return new Seat();
    }

    /** By the last run's time, half of those that wait now are done then. */
    private Metadata comeBack() {
        long nanos = lastRunNanos * (waiting() + 1) / (2L * threads.getCorePoolSize());
        long millis = Math.clamp(TimeUnit.NANOSECONDS.toMillis(nanos), SOONEST, LATEST);
        Metadata trailers = new Metadata();
        trailers.put(RETRY_AFTER, Long.toString(millis));
        return trailers;
    }

    /** Requests that wait for a thread now. */
    public int waiting() {
        return threads.getQueue().size();
    }

    /** Finishes what was queued and ends the threads. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(LAST_RUN.toSeconds(), TimeUnit.SECONDS)) {
                threads.shutdownNow();
                threads.awaitTermination(LAST_RUN.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
