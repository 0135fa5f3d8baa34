package io.longspan.admin.jobs;

import io.longspan.store.work.WorkRow;
import io.longspan.store.work.WorkState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How fast a request was on average since a worker first took it, and how long it will go on at
 * that speed.
 *
 * @param perSecond units in a second; empty before the first
 * @param left until its end; empty when it does not run, or its size is not known
 */
public record Pace(OptionalDouble perSecond, Optional<Duration> left) {
    static Pace of(WorkRow work, Instant now) {
        double seconds =
                work.startedAt()
                        .map(start ->
                                Duration.between(start, work.endedAt().orElse(now)).toMillis()
                                        / 1000.0)
                        .orElse(0.0);
        if (work.done() <= 0 || seconds <= 0) {
            return new Pace(OptionalDouble.empty(), Optional.empty());
        }
        double perSecond = work.done() / seconds;
        boolean goesOn = work.state() == WorkState.RUNNING && work.total() >= work.done();
        return new Pace(
                OptionalDouble.of(perSecond),
                goesOn
                        ? Optional.of(
                                Duration.ofMillis(
                                        Math.round(
                                                (work.total() - work.done()) / perSecond * 1000)))
                        : Optional.empty());
    }
}
