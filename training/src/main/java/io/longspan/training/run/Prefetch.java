package io.longspan.training.run;

import io.longspan.training.objective.Feed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batches of the next step in a thread of its own while the caller computes one, and
 * counts how long the caller has to wait. Batches are a function of the step, so the numbers of a
 * run do not depend on it. For one calling thread; closing waits for what is being made.
 */
final class Prefetch implements AutoCloseable {
    private final LongFunction<Feed.Step> feed;
    private final long steps;
    private final ExecutorService maker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("training-data").factory());
    private @Nullable CompletableFuture<Feed.Step> next;
    private long nextStep = -1;
    private long waited;

    Prefetch(LongFunction<Feed.Step> feed, long steps) {
        this.feed = feed;
        this.steps = steps;
    }

    /** A step that will be taken next, to look at. */
    Feed.Step begin(long step) {
        CompletableFuture<Feed.Step> first = making(step);
        nextStep = step;
        next = first;
        return made(first);
    }

    /** A step; the one after it is begun. */
    Feed.Step take(long step) {
        long before = System.nanoTime();
        Feed.Step taken = made(next != null && nextStep == step ? next : making(step));
        waited += System.nanoTime() - before;
        nextStep = step + 1;
        next = nextStep < steps ? making(nextStep) : null;
        return taken;
    }

    private static Feed.Step made(CompletableFuture<Feed.Step> wanted) {
        try {
            return wanted.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(e);
                throw cause;
            }
            throw e;
        }
    }

    /** Nanoseconds that the caller has waited so far. */
    long waited() {
        return waited;
    }

    private CompletableFuture<Feed.Step> making(long step) {
        return CompletableFuture.supplyAsync(() -> feed.apply(step), maker);
    }

    @Override
    public void close() {
        maker.close();
    }
}
