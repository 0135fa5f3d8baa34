package io.longspan.admin.jobs;

import io.longspan.admin.page.Format;
import io.longspan.store.work.JobExecution;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * An execution as its page shows it.
 *
 * @param row as stored
 * @param timeline its steps as SVG; empty when none has begun
 * @param problems what failed, the parts before the whole
 */
public record Execution(JobExecution row, String timeline, List<Problem> problems) {
    /**
     * A failure.
     *
     * @param where step, or the job itself
     * @param trace of the stack
     */
    public record Problem(String where, String trace) {}

    static Execution of(JobExecution row) {
        List<Problem> problems = new ArrayList<>();
        for (JobExecution.Step step : row.steps()) {
            if (step.status().equals("FAILED") && !step.exitMessage().isBlank()) {
                problems.add(new Problem(step.name(), step.exitMessage()));
            }
        }
        if (row.status().equals("FAILED") && !row.exitMessage().isBlank()) {
            problems.add(new Problem(row.job(), row.exitMessage()));
        }
        return new Execution(row, Timeline.svg(row), problems);
    }

    /** How long a step took; nothing while it goes on. */
    public String length(JobExecution.Step step) {
        return step.started()
                .flatMap(start -> step.ended().map(end -> between(start, end)))
                .orElse("–");
    }

    private static String between(LocalDateTime start, LocalDateTime end) {
        Duration time = Duration.between(start, end);
        return time.toSeconds() < 10
                ? time.toMillis() + " ms"
                : new Format(Instant.EPOCH).length(time);
    }
}
