package io.longspan.serving.schedule;

import java.util.concurrent.TimeUnit;

/** Who gets in, and who is told to come back later and when. Not thread-safe. */
final class Admission {
    private final SchedulerSettings settings;
    private final WaitingLine<?> line;
    private final Pace pace = new Pace();
    private long running;
    private int seats;

    Admission(SchedulerSettings settings, WaitingLine<?> line) {
        this.settings = settings;
        this.line = line;
    }

    /** Takes a seat, or refuses it. */
    void enter() {
        if (seats >= settings.waiting()) {
            throw Refusals.busy(
                    "the server is busy, "
                            + settings.waiting()
                            + " requests wait for a model, which is as many as may; try again later",
                    halfway());
        }
        seats++;
    }

    void leave(int places) {
        seats -= places;
    }

    /** Refuses a job that has a seat and comes too late or is too large for the line. */
    void check(Job job, long now) {
        long waiting = line.tokensUpTo(Job.LEAST_URGENT);
        if (waiting == 0) {
            return;
        }
        if (waiting + job.tokens() > settings.waitingTokens()) {
            throw Refusals.busy(
                    "the server is busy, "
                            + waiting
                            + " tokens wait for a model and "
                            + job.tokens()
                            + " more would be over the "
                            + settings.waitingTokens()
                            + " that may; try again later",
                    halfway());
        }
        inTime(job.priority(), job.deadlineNanos(), now);
    }

    /** Refuses whoever comes too late, by what has to run before. */
    void inTime(int priority, long deadlineNanos, long now) {
        if (line.size() == 0) {
            return;
        }
        long before = pace.nanos(line.tokensUpTo(priority) + running) / settings.threads();
        long left = deadlineNanos - now;
        if (before > left) {
            throw Refusals.busy(
                    "the server is busy, this request would wait for about "
                            + TimeUnit.NANOSECONDS.toMillis(before)
                            + " ms and its deadline is in "
                            + Math.max(0, TimeUnit.NANOSECONDS.toMillis(left))
                            + " ms; try again later, or with a later deadline",
                    before - left);
        }
    }

    void begins(long tokens) {
        running += tokens;
    }

    void ends(long tokens, long nanos) {
        running -= tokens;
        pace.ran(tokens, nanos);
    }

    /** When half of what waits now is done. */
    private long halfway() {
        return (pace.nanos(line.tokensUpTo(Job.LEAST_URGENT)) / 2 + pace.nanos(running))
                / settings.threads();
    }
}
