package io.longspan.store.work;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One execution of a batch job, as Spring Batch notes it. Times have no zone: they are those of the
 * process that ran it.
 *
 * @param id key
 * @param job name of the job
 * @param status of Spring Batch
 * @param exitCode of Spring Batch
 * @param exitMessage why it failed, with the stack trace; cut off by Spring Batch
 * @param created when it was made
 * @param started when it began
 * @param ended when it ended
 * @param parameters by name
 * @param steps in the order in which they began; parts of a partitioned step have names with a
 *     colon
 */
public record JobExecution(
        long id,
        String job,
        String status,
        String exitCode,
        String exitMessage,
        LocalDateTime created,
        Optional<LocalDateTime> started,
        Optional<LocalDateTime> ended,
        Map<String, String> parameters,
        List<Step> steps) {

    /**
     * One execution of a step.
     *
     * @param id key
     * @param name of the step
     * @param status of Spring Batch
     * @param read items read
     * @param written items written
     * @param filtered items left out
     * @param skipped items passed over after errors
     * @param commits transactions that were kept
     * @param rollbacks transactions that were not
     * @param exitMessage why it failed, with the stack trace
     * @param started when it began
     * @param ended when it ended
     */
    public record Step(
            long id,
            String name,
            String status,
            long read,
            long written,
            long filtered,
            long skipped,
            long commits,
            long rollbacks,
            String exitMessage,
            Optional<LocalDateTime> started,
            Optional<LocalDateTime> ended) {}
}
