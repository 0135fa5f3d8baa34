package io.longspan.store.work;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Takes requests from the queue, one at a time, and has them done by handlers. Run it once, on a
 * thread of the caller's; it returns when it is closed. While a handler works, a thread of the
 * worker's own beats for it. A store that is away for a while is waited for.
 *
 * <p>Closing asks the handler to stop, waits for it, and gives the request back to the queue, so
 * that another worker goes on with it.
 */
public final class Worker implements Runnable, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    private final WorkQueue queue;
    private final WorkerSettings settings;
    private final Map<WorkKind, WorkHandler> handlers = new EnumMap<>(WorkKind.class);
    private final ScheduledExecutorService heart;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private @Nullable HeldWork held;
    private @Nullable Thread runner;

    /**
     * A worker that is not running yet.
     *
     * @param handlers one per kind, at least one
     */
    public Worker(WorkQueue queue, WorkerSettings settings, List<WorkHandler> handlers) {
        this.queue = queue;
        this.settings = settings;
        for (WorkHandler handler : handlers) {
            if (this.handlers.put(handler.kind(), handler) != null) {
                throw new IllegalArgumentException(
                        "worker '"
                                + settings.name()
                                + "' was given two handlers of "
                                + handler.kind()
                                + "; give it one per kind");
            }
        }
        if (this.handlers.isEmpty()) {
            throw new IllegalArgumentException(
                    "worker '" + settings.name() + "' was given no handler; give it one per kind");
        }
        heart =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name(settings.name() + "-heart").factory());
    }

    @Override
    public void run() {
        synchronized (this) {
            if (runner != null) {
                throw new IllegalStateException(
                        "worker '" + settings.name() + "' runs already, or has run; make another");
            }
            runner = Thread.currentThread();
        }
        try {
            boolean away = false;
            while (!isClosing()) {
                try {
                    Optional<WorkRow> taken =
                            queue.take(
                                    settings.name(),
                                    Set.copyOf(handlers.keySet()),
                                    settings.dead());
                    away = false;
                    if (taken.isPresent()) {
                        work(taken.get());
                    } else {
                        pause();
                    }
                } catch (DataAccessException e) {
                    if (!away) {
                        LOG.warn(
                                "the store does not answer; asking on ({})",
                                e.getMostSpecificCause().getMessage());
                    }
                    away = true;
                    pause();
                }
            }
        } finally {
            heart.shutdownNow();
            ended.countDown();
        }
    }

    private void work(WorkRow request) {
        HeldWork work = new HeldWork(queue, request);
        synchronized (this) {
            held = work;
            if (isClosing()) {
                work.close();
            }
        }
        long beat = settings.beat().toMillis();
        ScheduledFuture<?> beating =
                heart.scheduleWithFixedDelay(work::beat, beat, beat, TimeUnit.MILLISECONDS);
        LOG.info(
                "work {} '{}' begins, attempt {}",
                request.id(),
                request.title(),
                request.attempt());
        try {
            WorkEnd end = result(request, work);
            // A last beat carries the last progress, and learns of a stop that is on its way.
            work.beat();
            if (!work.lost()) {
                tell(request, work, end);
            }
        } finally {
            beating.cancel(false);
            synchronized (this) {
                held = null;
            }
        }
    }

    // Whatever a handler ends with, Errors of native libraries and of memory included, the request
    // must not look as if somebody worked on it.
    private WorkEnd result(WorkRow request, HeldWork work) {
        WorkHandler handler = handlers.get(request.kind());
        if (handler == null) {
            throw new IllegalStateException("the queue gave work of a kind not asked for");
        }
        try {
            return handler.run(request, work);
        } catch (InterruptedException _) {
            // Only an ending process interrupts this thread.
            closing.countDown();
            work.close();
            return new WorkEnd.Stopped("its worker was interrupted");
        } catch (Throwable e) {
            LOG.error("work {} '{}' failed", request.id(), request.title(), e);
            boolean known = settings.userErrors().stream().anyMatch(c -> c.isInstance(e));
            String message = e.getMessage() == null ? "" : ": " + e.getMessage();
            return new WorkEnd.Failed(
                    known && e.getMessage() != null
                            ? e.getMessage()
                            : "it ended with "
                                    + e.getClass().getSimpleName()
                                    + message
                                    + "; the worker's log has more");
        }
    }

    private void tell(WorkRow request, HeldWork work, WorkEnd end) {
        String how = end.getClass().getSimpleName();
        BooleanSupplier step =
                switch (end) {
                    case WorkEnd.Done done -> () -> done(request, done.result());
                    case WorkEnd.Failed failed -> () -> queue.failed(request, failed.message());
                    case WorkEnd.Stopped _ when work.onlyClosing() -> () -> queue.release(request);
                    case WorkEnd.Stopped stopped -> () -> queue.stopped(request, stopped.message());
                };
        long patience = 0;
        while (true) {
            try {
                boolean mine = step.getAsBoolean();
                LOG.info(
                        "work {}: {}{}", request.id(), how, mine ? "" : ", but it was lost before");
                return;
            } catch (DataAccessException e) {
                if (isClosing() && patience == 0) {
                    patience = System.nanoTime() + settings.patience().toNanos();
                }
                if (isClosing() && System.nanoTime() > patience) {
                    LOG.warn(
                            "the store does not answer; the end of work {} ({}) could not be told and another worker will do it again",
                            request.id(),
                            how,
                            e);
                    return;
                }
                pauseAlways();
            }
        }
    }

    private boolean done(WorkRow request, String result) {
        try {
            return queue.done(request, result);
        } catch (DataIntegrityViolationException e) {
            LOG.error("work {} ended with a result that is no JSON: {}", request.id(), result, e);
            return queue.failed(
                    request, "it was done, but its result is no JSON; the worker's log has it");
        }
    }

    /** Whether a request is being worked on. */
    public synchronized boolean busy() {
        return held != null;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            if (closing.await(settings.poll().toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("worker {} is closing", settings.name());
            }
        } catch (InterruptedException _) {
            closing.countDown();
        }
    }

    private void pauseAlways() {
        try {
            Thread.sleep(settings.poll().toMillis());
        } catch (InterruptedException _) {
            closing.countDown();
        }
    }

    /**
     * Asks the handler to stop and waits for it; after the patience of the settings it interrupts
     * the handler's thread, waits once more and leaves it, still beating, with a line in the log.
     */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closing.countDown();
            if (held != null) {
                held.close();
            }
            running = runner;
        }
        if (running == null) {
            heart.shutdownNow();
            return;
        }
        try {
            if (!await()) {
                running.interrupt();
                if (!await()) {
                    LOG.warn(
                            "worker {} does not stop; its work is taken up by another once this process has ended",
                            settings.name());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean await() throws InterruptedException {
        return ended.await(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
    }
}
