package io.longspan.serving.schedule;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who waits, and who is next: the scheduling policy, without threads and without a clock. Moments
 * are nanoseconds of whatever clock the caller has. Not thread-safe; jobs are told apart by {@code
 * equals}.
 *
 * <p>Next is the most urgent level, where every {@code aging} in the line counts as one level; of
 * equals the caller that has had fewest tokens; of these whoever came first. The best job decides
 * what kind of batch is cut, and the best of the same lot fill it up. Jobs of one caller, priority
 * and lot never overtake each other, so one that does not fit holds back those behind it and is
 * first in a later batch.
 */
final class WaitingLine<J extends Job> {
    private final SchedulerSettings settings;
    private final Map<Lane.Key, Lane<J>> lanes = new LinkedHashMap<>();
    private final FairShares shares = new FairShares();
    private final long[] tokens = new long[Job.LEAST_URGENT + 1];
    private int size;

    WaitingLine(SchedulerSettings settings) {
        this.settings = settings;
    }

    int size() {
        return size;
    }

    /** Tokens that wait at a level or a more urgent one. */
    long tokensUpTo(int priority) {
        long sum = 0;
        for (int level = Job.MOST_URGENT; level <= priority; level++) {
            sum += tokens[level];
        }
        return sum;
    }

    void add(J job, long now) {
        lanes.computeIfAbsent(key(job), Lane::new).add(job, now);
        shares.arrives(job.caller());
        tokens[job.priority()] += job.tokens();
        size++;
    }

    /** Takes a job out, if it still waits. */
    boolean remove(J job) {
        Lane<J> lane = lanes.get(key(job));
        if (lane == null || !lane.remove(job)) {
            return false;
        }
        shares.leaves(job.caller());
        left(lane, job);
        return true;
    }

    /**
     * Takes out the next batch, as if it took no time.
     *
     * @param busy machines that run something now
     */
    Cut<J> cut(long now, Set<Object> busy) {
        return cut(now, busy, _ -> 0);
    }

    /**
     * Takes out the next batch. Whoever could not be answered in time by it does not run in vain,
     * as long as there is somebody who can.
     *
     * @param busy machines that run something now
     * @param time nanoseconds that tokens take
     */
    Cut<J> cut(long now, Set<Object> busy, LongUnaryOperator time) {
        List<J> late = new ArrayList<>();
        List.copyOf(lanes.values()).forEach(lane -> dropLate(lane, now, late));
        long answered =
                now
                        + time.applyAsLong(
                                Math.min(settings.batchTokens(), tokensUpTo(Job.LEAST_URGENT)));
        return lanes.values().stream().anyMatch(lane -> isInTime(lane, answered, busy))
                ? fill(answered, now, busy, late)
                : fill(now, now, busy, late);
    }

    private boolean isInTime(Lane<J> lane, long answered, Set<Object> busy) {
        return !busy.contains(lane.head().machine()) && lane.anyAfter(answered);
    }

    private Cut<J> fill(long answered, long now, Set<Object> busy, List<J> late) {
        List.copyOf(lanes.values()).stream()
                .filter(lane -> !busy.contains(lane.head().machine()))
                .forEach(lane -> dropLate(lane, answered, late));
        List<J> batch = new ArrayList<>();
        Lane<J> first = best(lanes.values(), now, busy, Integer.MAX_VALUE);
        if (first == null) {
            return new Cut<>(batch, late);
        }
        Object lot = first.key().lot();
        int room = settings.batchTokens() - take(first, batch);
        dropLate(first, answered, late);
        List<Lane<J>> alike =
                lanes.values().stream().filter(lane -> lane.key().lot().equals(lot)).toList();
        while (batch.size() < settings.batchRequests()) {
            Lane<J> next = best(alike, now, Set.of(), room);
            if (next == null) {
                break;
            }
            room -= take(next, batch);
            dropLate(next, answered, late);
        }
        return new Cut<>(batch, late);
    }

    /** So that the lane begins with a job that wants an answer that comes then. */
    private void dropLate(Lane<J> lane, long answered, List<J> late) {
        while (!lane.isEmpty() && lane.head().deadlineNanos() - answered <= 0) {
            J job = lane.head();
            late.add(job);
            lane.remove(job);
            shares.leaves(job.caller());
            left(lane, job);
        }
    }

    private int take(Lane<J> lane, List<J> batch) {
        J job = lane.head();
        lane.remove(job);
        shares.serves(job.caller(), job.tokens());
        left(lane, job);
        batch.add(job);
        return job.tokens();
    }

    private void left(Lane<J> lane, J job) {
        if (lane.isEmpty()) {
            lanes.remove(lane.key());
        }
        tokens[job.priority()] -= job.tokens();
        size--;
    }

    private @Nullable Lane<J> best(
            Collection<Lane<J>> among, long now, Set<Object> busy, int room) {
        Lane<J> best = null;
        for (Lane<J> lane : among) {
            if (!lane.isEmpty()
                    && lane.head().tokens() <= room
                    && !busy.contains(lane.head().machine())
                    && (best == null || isBefore(lane, best, now))) {
                best = lane;
            }
        }
        return best;
    }

    private boolean isBefore(Lane<J> one, Lane<J> other, long now) {
        int byLevel = Integer.compare(level(one, now), level(other, now));
        if (byLevel != 0) {
            return byLevel < 0;
        }
        int byShare =
                Long.compare(
                        shares.served(one.key().caller()), shares.served(other.key().caller()));
        return byShare == 0 ? one.since() - other.since() < 0 : byShare < 0;
    }

    private int level(Lane<J> lane, long now) {
        long risen = (now - lane.since()) / settings.aging().toNanos();
        return (int) Math.max(Job.MOST_URGENT, lane.key().priority() - risen);
    }

    private Lane.Key key(J job) {
        return new Lane.Key(job.caller(), job.priority(), job.lot());
    }
}
