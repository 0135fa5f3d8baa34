package io.longspan.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Closes a stream from which nothing has come for too long, so that its reader gets an error. */
final class StallGuard implements AutoCloseable {
    private final InputStream stream;
    private final long patience;
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final Thread watcher;

    StallGuard(InputStream stream, Duration patience) {
        this.stream = stream;
        this.patience = patience.toNanos();
        watcher = Thread.ofVirtual().name("hub-stall-guard").start(this::watch);
    }

    /** Something came. */
    void alive() {
        last.set(System.nanoTime());
    }

    private void watch() {
        try {
            while (true) {
                long left = patience - (System.nanoTime() - last.get());
                if (left <= 0) {
                    stream.close();
                    return;
                }
                Thread.sleep(Duration.ofNanos(left).plusMillis(1));
            }
        } catch (InterruptedException | IOException e) {
            // The reader has ended, or is about to be told.
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        watcher.interrupt();
    }
}
