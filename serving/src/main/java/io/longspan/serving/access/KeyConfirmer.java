package io.longspan.serving.access;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that confirms keys; closed by whoever started it. */
final class KeyConfirmer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeyConfirmer.class);
    private static final Duration ROUND = Duration.ofSeconds(2);

    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("api-keys").factory());

    /** Starts with keys that outlive it. */
    static KeyConfirmer start(KnownKeys keys) {
        KeyConfirmer confirmer = new KeyConfirmer();
        ScheduledFuture<?> _ =
                confirmer.thread.scheduleWithFixedDelay(
                        () -> round(keys),
                        ROUND.toMillis(),
                        ROUND.toMillis(),
                        TimeUnit.MILLISECONDS);
        return confirmer;
    }

    /** An exception would end the rounds, and with them every revocation. */
    private static void round(KnownKeys keys) {
        try {
            keys.confirm();
        } catch (RuntimeException e) {
            LOG.error("keys cannot be confirmed", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
