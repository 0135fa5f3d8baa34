package io.longspan.ingest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One execution of an ingest job, as the store has it.
 *
 * @param id of the execution
 * @param instance that it belongs to; restarts share it
 * @param corpus what is read
 * @param source where from
 * @param out folder of the data set
 * @param request what was asked for; empty when it was too long to be kept
 * @param status {@code STARTING}, {@code STARTED}, {@code STOPPING} (asked to stop and running
 *     still), {@code STOPPED}, {@code COMPLETED}, {@code FAILED}, {@code UNKNOWN}
 * @param message why it ended, when it failed; may be empty
 * @param created when it was made
 * @param started when it began, if it did
 * @param ended when it ended, if it did
 * @param steps of it, in the order in which they began
 */
public record JobView(
        long id,
        long instance,
        String corpus,
        String source,
        String out,
        Optional<IngestRequest> request,
        String status,
        String message,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> ended,
        List<Step> steps) {
    /** Copies the list. */
    public JobView {
        steps = List.copyOf(steps);
    }

    /**
     * A step or a partition.
     *
     * @param name {@code plan}, {@code shards}, {@code publish}, or {@code shard:} and the name of
     *     a shard
     * @param status as of a job
     * @param read documents read
     * @param written documents written
     * @param dropped documents dropped
     * @param started when it began, if it did
     * @param ended when it ended, if it did
     */
    public record Step(
            String name,
            String status,
            long read,
            long written,
            long dropped,
            Optional<Instant> started,
            Optional<Instant> ended) {
        /** Whether it is one shard of the step {@code shards}. */
        public boolean partition() {
            return name.startsWith("shard:");
        }
    }
}
