package io.longspan.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Keeps a process alive until it is told to end, and sees to it that everything is closed before it
 * does: the JVM would otherwise halt in the middle of closing.
 */
final class Lifetime implements AutoCloseable {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    Lifetime() {
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("stop")
                                .unstarted(() -> {
                                    stop.countDown();
                                    await(closed);
                                }));
    }

    /** Returns when the process was told to end. */
    void await() {
        await(stop);
    }

    /** Whether the process was told to end. */
    boolean ending() {
        return stop.getCount() == 0;
    }

    /** Everything is closed; the process may go. */
    @Override
    public void close() {
        closed.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
