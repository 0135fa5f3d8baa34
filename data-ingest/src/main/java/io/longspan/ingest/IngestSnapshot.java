package io.longspan.ingest;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How far an ingest is. What an earlier attempt has published counts as done.
 *
 * @param phase what is being done
 * @param documentsDone documents written or dropped
 * @param documentsTotal documents of the source; 0 while it is being listed, and where files hold
 *     many, which nobody has counted
 * @param dropped documents dropped
 * @param bytesDone bytes of the source that were read
 * @param bytesTotal bytes of the source; 0 while it is being listed
 * @param tokens written, separators included
 * @param shardsDone shards published
 * @param shardsTotal shards planned; those of files that hold many documents are counted when they
 *     are there
 * @param bytesHere bytes that this attempt has read itself
 * @param tokensHere tokens that this attempt has written itself
 * @param documentsHere documents that this attempt has written or dropped itself
 * @param elapsed since this attempt began to write shards
 * @param partitions that are being worked on, in the order of the plan
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
        long tokensHere,
        long documentsHere,
        Duration elapsed,
        List<Partition> partitions) {
    /** Copies the list. */
    public IngestSnapshot {
        partitions = List.copyOf(partitions);
    }

    /**
     * A part of the source that one worker reads.
     *
     * @param name of its shard, or what the names of its shards begin with
     * @param documents written or dropped in this attempt
     * @param tokens written in this attempt
     * @param bytesDone bytes of the source read in this attempt
     * @param bytesTotal bytes of the source that it stands for
     */
    public record Partition(
            String name, long documents, long tokens, long bytesDone, long bytesTotal) {}

    /** The parts of the work. */
    public enum Phase {
        /** The source is listed and its files are digested. */
        PLANNING,
        /** The source is read for texts that stand in it more than once. */
        SURVEYING,
        /** Shards are written. */
        WRITING,
        /** The result is checked, and the manifest written. */
        PUBLISHING
    }

    /** Bytes of the source in a second, in this attempt. */
    public double bytesPerSecond() {
        return perSecond(bytesHere);
    }

    /** Documents in a second, in this attempt. */
    public double documentsPerSecond() {
        return perSecond(documentsHere);
    }

    /** Tokens in a second, in this attempt. */
    public double tokensPerSecond() {
        return perSecond(tokensHere);
    }

    /** How long the bytes that are left take at this rate; empty while there is none. */
    public Optional<Duration> remaining() {
        double rate = bytesPerSecond();
        return rate <= 0 || bytesTotal == 0
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds((long) ((bytesTotal - bytesDone) / rate)));
    }

    private double perSecond(long count) {
        return elapsed.isZero() ? 0 : count / (elapsed.toNanos() / 1e9);
    }
}
