package io.longspan.cli.role;

import io.longspan.store.schedule.Schedules;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Hands in the ingests that are due, as long as it is open, on a thread of its own. Every worker
 * process has one; the store sees to it that each time is handed in once.
 */
final class SchedulePoller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SchedulePoller.class);

    private final Schedules schedules;
    private final Duration pause;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private SchedulePoller(Schedules schedules, Duration pause) {
        this.schedules = schedules;
        this.pause = pause;
        thread = Thread.ofPlatform().daemon().name("schedules").unstarted(this::run);
    }

    static SchedulePoller start(Schedules schedules, Duration pause) {
        SchedulePoller poller = new SchedulePoller(schedules, pause);
        poller.thread.start();
        return poller;
    }

    private void run() {
        boolean away = false;
        try {
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    int made = schedules.handInDue();
                    away = false;
                    if (made > 0) {
                        LOG.info("{} scheduled ingests were handed in", made);
                    }
                } catch (DataAccessException e) {
                    if (!away) {
                        LOG.warn(
                                "schedules cannot be looked at; asking on ({})",
                                e.getMostSpecificCause().getMessage());
                    }
                    away = true;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when it does nothing more to the store. */
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
