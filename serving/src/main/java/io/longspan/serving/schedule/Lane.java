package io.longspan.serving.schedule;

import java.util.LinkedHashMap;

/** Waiting jobs of one caller, priority and lot, in the order of their arrival. */
final class Lane<J extends Job> {
    private final LinkedHashMap<J, Long> arrivals = new LinkedHashMap<>();
    private final Key key;

    /**
     * What the jobs of a lane have in common.
     *
     * @param caller whose
     * @param priority of all
     * @param lot of all
     */
    record Key(String caller, int priority, Object lot) {}

    Lane(Key key) {
        this.key = key;
    }

    Key key() {
        return key;
    }

    void add(J job, long now) {
        arrivals.put(job, now);
    }

    boolean remove(J job) {
        return arrivals.remove(job) != null;
    }

    boolean isEmpty() {
        return arrivals.isEmpty();
    }

    J head() {
        return arrivals.firstEntry().getKey();
    }

    /** Whether there is a job that still wants an answer that comes then. */
    boolean anyAfter(long answered) {
        return arrivals.keySet().stream().anyMatch(job -> job.deadlineNanos() - answered > 0);
    }

    /** When the first one came. */
    long since() {
        return arrivals.firstEntry().getValue();
    }
}
