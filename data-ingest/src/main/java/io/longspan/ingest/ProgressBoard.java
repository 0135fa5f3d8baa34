package io.longspan.ingest;

import io.longspan.ingest.IngestSnapshot.Phase;
import java.time.Duration;

/** Adds up what the workers do, and tells it. Thread-safe. */
final class ProgressBoard {
    private final IngestProgress listener;
    private final long start = System.nanoTime();
    private Phase phase = Phase.PLANNING;
    private long documentsTotal;
    private long bytesTotal;
    private int shardsTotal;
    private long writingSince = start;
    private long documentsDone;
    private long dropped;
    private long bytesDone;
    private long bytesHere;
    private long tokens;
    private int shardsDone;

    ProgressBoard(IngestProgress listener) {
        this.listener = listener;
    }

    synchronized void phase(Phase now) {
        phase = now;
        if (now == Phase.WRITING) {
            writingSince = System.nanoTime();
        }
        tell();
    }

    synchronized void planned(Plan plan) {
        documentsTotal = plan.files().size();
        bytesTotal = plan.bytes();
        shardsTotal = plan.shards().size();
        tell();
    }

    /** A shard that an earlier attempt has published. */
    synchronized void found(Receipt receipt) {
        documentsDone += receipt.read();
        dropped += receipt.droppedInAll();
        bytesDone += receipt.bytes();
        tokens += receipt.tokens();
        shardsDone++;
        tell();
    }

    /** A document; {@code written} is the number of its tokens, or negative when it was dropped. */
    synchronized void document(long bytes, long written) {
        documentsDone++;
        bytesDone += bytes;
        bytesHere += bytes;
        if (written < 0) {
            dropped++;
        } else {
            tokens += written;
        }
        tell();
    }

    synchronized void shardPublished() {
        shardsDone++;
        tell();
    }

    synchronized IngestSnapshot snapshot() {
        return new IngestSnapshot(
                phase,
                documentsDone,
                documentsTotal,
                dropped,
                bytesDone,
                bytesTotal,
                tokens,
                shardsDone,
                shardsTotal,
                bytesHere,
                Duration.ofNanos(System.nanoTime() - writingSince));
    }

    private void tell() {
        listener.at(snapshot());
    }
}
