package io.longspan.training.run;

import io.longspan.training.objective.Feed;
import java.util.List;
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
    private final LongFunction<List<Feed.Sample>> feed;
    private final long steps;
    private final ExecutorService maker =
            Executors.newSingleThreadExecutor(Thread.ofPlatform().name("training-data").factory());
    private @Nullable CompletableFuture<List<Feed.Sample>> next;
    private long nextStep = -1;
    private long waited;

    Prefetch(LongFunction<List<Feed.Sample>> feed, long steps) {
        this.feed = feed;
        this.steps = steps;
    }

    /** Begins with the batches of a step that will be asked for next. */
    void begin(long step) {
        nextStep = step;
        next = making(step);
    }

    /** The batches of a step; those of the step after it are begun. */
    List<Feed.Sample> batches(long step) {
        long before = System.nanoTime();
        CompletableFuture<List<Feed.Sample>> wanted =
                next != null && nextStep == step ? next : making(step);
        List<Feed.Sample> batches;
        try {
            batches = wanted.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(e);
                throw cause;
            }
            throw e;
        }
        waited += System.nanoTime() - before;
        nextStep = step + 1;
        next = nextStep < steps ? making(nextStep) : null;
        return batches;
    }

    /** Nanoseconds that the caller has waited so far. */
    long waited() {
        return waited;
    }

    private CompletableFuture<List<Feed.Sample>> making(long step) {
        return CompletableFuture.supplyAsync(() -> feed.apply(step), maker);
    }

    @Override
    public void close() {
        maker.close();
    }
}
