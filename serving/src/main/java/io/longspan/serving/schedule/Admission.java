package io.longspan.serving.schedule;

import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/** Who gets in, and who is told to come back later and when. Not thread-safe. */
final class Admission {
    private static final int SPREAD = 4;

    private final SchedulerSettings settings;
    private final WaitingLine<?> line;
    private final Pace pace = new Pace();
    private final long[] expected = new long[Job.LEAST_URGENT + 1];
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
        long before = line.tokensUpTo(job.priority());
        inTime(before + job.tokens(), job.deadlineNanos(), now);
    }

    /** Tokens are about to be queued, or are not any more. */
    void expect(int priority, int tokens) {
        expected[priority] += tokens;
    }

    /**
     * Refuses whoever would be answered too late, before its tokens are counted.
     *
     * @param tokens of the request, about
     */
    void expectedInTime(int priority, int tokens, long deadlineNanos, long now) {
        long coming = 0;
        for (int level = Job.MOST_URGENT; level <= priority; level++) {
            coming += expected[level];
        }
        if (line.size() > 0 || coming > 0) {
            inTime(line.tokensUpTo(priority) + coming + tokens, deadlineNanos, now);
        }
    }

    /** Time that tokens take. */
    LongUnaryOperator pace() {
        return pace::nanos;
    }

    /**
     * Refuses whoever would be answered too late: after what runs, what is before it in the line,
     * and the batch that it shares. Counting only what runs before it would let requests in that
     * reach the model at the very moment at which nobody wants their answers any more, and under
     * load these would be most. A quarter more is asked for: callers take turns, so some wait
     * longer than those before them let expect, and under load everybody who is let in is let in
     * narrowly.
     *
     * @param tokens up to the request's last
     */
    private void inTime(long tokens, long deadlineNanos, long now) {
        long answered = pace.nanos(running + wholeBatches(tokens)) / settings.threads();
        long left = deadlineNanos - now;
        if (answered + answered / SPREAD > left) {
            throw Refusals.busy(
                    "the server is busy, this request would be answered in about "
                            + TimeUnit.NANOSECONDS.toMillis(answered)
                            + " ms and its deadline is in "
                            + Math.max(0, TimeUnit.NANOSECONDS.toMillis(left))
                            + " ms; try again later, or with a later deadline",
                    answered - left);
        }
    }

    /** In a line of more than one batch, those behind a request fill up its batch. */
    private long wholeBatches(long tokens) {
        long batch = settings.batchTokens();
        return tokens <= batch ? tokens : (tokens + batch - 1) / batch * batch;
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
