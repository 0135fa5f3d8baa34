package io.longspan.serving.schedule;

import io.longspan.serving.ServingException;
import java.time.Duration;

/**
 * Limits of a scheduler.
 *
 * @param threads that run models; one uses all cores, more only help where several models run short
 *     batches
 * @param waiting requests that may wait; one more is turned away
 * @param waitingTokens that may wait, all requests together; a request that finds the line empty
 *     gets in whatever its size
 * @param batchTokens of a batch at most; a longer request runs alone
 * @param batchRequests of a batch at most
 * @param aging time in the line after which a request counts as one level more urgent
 */
public record SchedulerSettings(
        int threads,
        int waiting,
        int waitingTokens,
        int batchTokens,
        int batchRequests,
        Duration aging) {
    /** Half a second to some seconds of work for most models. */
    public static final int DEFAULT_BATCH_TOKENS = 8192;

    private static final int MOST_THREADS = 64;
    private static final int MOST = 1_000_000;
    private static final int MOST_TOKENS = 1 << 30;

    /**
     * Checks the numbers.
     *
     * @throws ServingException naming what is out of range
     */
    public SchedulerSettings {
        range("threads", threads, MOST_THREADS);
        range("waiting requests", waiting, MOST);
        range("waiting tokens", waitingTokens, MOST_TOKENS);
        range("tokens of a batch", batchTokens, MOST_TOKENS);
        range("requests of a batch", batchRequests, MOST);
        if (!aging.isPositive()) {
            throw new ServingException(
                    "the aging of waiting requests is " + aging + "; it must be positive");
        }
    }

    /** One thread, 256 requests or 262,144 tokens in the line, a level for every second of it. */
    public static SchedulerSettings defaults() {
        return new SchedulerSettings(
                1, 256, 1 << 18, DEFAULT_BATCH_TOKENS, 128, Duration.ofSeconds(1));
    }

    /** The same with another number of requests that may wait. */
    public SchedulerSettings withWaiting(int requests) {
        return new SchedulerSettings(
                threads, requests, waitingTokens, batchTokens, batchRequests, aging);
    }

    /** The same with another number of tokens that may wait. */
    public SchedulerSettings withWaitingTokens(int tokens) {
        return new SchedulerSettings(threads, waiting, tokens, batchTokens, batchRequests, aging);
    }

    /** The same with another size of a batch. */
    public SchedulerSettings withBatch(int tokens, int requests) {
        return new SchedulerSettings(threads, waiting, waitingTokens, tokens, requests, aging);
    }

    private static void range(String what, int value, int most) {
        if (value < 1 || value > most) {
            throw new ServingException(
                    "the number of " + what + " is " + value + "; it must be from 1 to " + most);
        }
    }
}
