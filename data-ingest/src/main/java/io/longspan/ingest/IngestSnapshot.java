package io.longspan.ingest;

import java.time.Duration;

/**
 * How far an ingest is. What an earlier attempt has published counts as done.
 *
 * @param phase what is being done
 * @param documentsDone documents written or dropped
 * @param documentsTotal documents of the source; 0 while it is being listed
 * @param dropped documents dropped
 * @param bytesDone bytes of the source that were read
 * @param bytesTotal bytes of the source; 0 while it is being listed
 * @param tokens written, separators included
 * @param shardsDone shards published
 * @param shardsTotal shards planned
 * @param bytesHere bytes that this attempt has read itself
 * @param elapsed since this attempt began to write shards
 */
public record IngestSnapshot(
        Phase phase,
        long documentsDone,
        long documentsTotal,
        long dropped,
        long bytesDone,
        long bytesTotal,
        long tokens,
        int shardsDone,
        int shardsTotal,
        long bytesHere,
        Duration elapsed) {
    /** The parts of the work. */
    public enum Phase {
        /** The source is listed and its files are digested. */
        PLANNING,
        /** Shards are written. */
        WRITING,
        /** The result is checked, and the manifest written. */
        PUBLISHING
    }

    /** Bytes of the source in a second, in this attempt. */
    public double bytesPerSecond() {
        return elapsed.isZero() ? 0 : bytesHere / (elapsed.toNanos() / 1e9);
    }
}
