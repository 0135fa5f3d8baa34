package io.longspan.store.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A schedule.
 *
 * @param name identifies it
 * @param cron expression of five or six fields
 * @param zone in which it is read
 * @param overlap what happens when the last run is not over
 * @param missed what happens to times at which nobody looked
 * @param request JSON of the ingest; {@code {time}} and {@code {date}} stand for the time of a run
 * @param paused whether its times pass by
 * @param nextAt its next time
 * @param lastAt the time of its last run
 * @param lastWork the request in the work queue that its last run became
 * @param runs handed in so far
 * @param skipped times that became no run
 * @param createdBy who made it
 */
public record ScheduleRow(
        String name,
        String cron,
        String zone,
        Overlap overlap,
        Missed missed,
        String request,
        boolean paused,
        Instant nextAt,
        Optional<Instant> lastAt,
        Optional<Long> lastWork,
        long runs,
        long skipped,
        String createdBy) {
    private static final Instant FAR = Instant.parse("9999-01-01T00:00:00Z");

    /** What happens at a time when the last run waits or works still. */
    public enum Overlap {
        /** The time is passed over, and counted. */
        SKIP,
        /** The run is handed in all the same; workers do one after the other. */
        QUEUE
    }

    /** What happens to several times that have passed. */
    public enum Missed {
        /** The last of them becomes a run, the others are passed over, and counted. */
        LATEST,
        /** All of them become runs. */
        ALL
    }

    /**
     * The next times.
     *
     * @param after which
     * @param count how many
     */
    public List<Instant> next(Instant after, int count) {
        return CronTimes.of(cron, zone).between(after, FAR, count);
    }
}
