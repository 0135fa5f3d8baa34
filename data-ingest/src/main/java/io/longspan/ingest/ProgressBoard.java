package io.longspan.ingest;

import io.longspan.ingest.IngestSnapshot.Partition;
import io.longspan.ingest.IngestSnapshot.Phase;
import io.longspan.ingest.Plan.Lane;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds up what the workers do, and tells it. Thread-safe. */
final class ProgressBoard {
    /** Small documents come by the thousand; nobody watches that closely. */
    private static final long APART_NANOS = 20_000_000;

    private final IngestProgress listener;
    private final long start = System.nanoTime();
    private final SortedMap<String, Counts> active = new TreeMap<>();
    private Phase phase = Phase.PLANNING;
    private long documentsTotal;
    private long bytesTotal;
    private int shardsTotal;
    private long since = start;
    private long documentsDone;
    private long dropped;
    private long bytesDone;
    private long bytesFound;
    private long documentsHere;
    private long bytesHere;
    private long tokensHere;
    private long tokens;
    private long told;
    private int shardsDone;

    ProgressBoard(IngestProgress listener) {
        this.listener = listener;
    }

    /** Of one lane. */
    private static final class Counts {
        private final long total;
        private long documents;
        private long tokens;
        private long bytes;

        Counts(long total) {
            this.total = total;
        }
    }

    synchronized void phase(Phase now) {
        phase = now;
        if (now == Phase.WRITING || now == Phase.SURVEYING) {
            since = System.nanoTime();
            bytesHere = 0;
            bytesDone = bytesFound;
            active.clear();
        }
        tell();
    }

    synchronized void planned(Plan plan) {
        boolean whole = plan.lanes().stream().noneMatch(Lane::many);
        documentsTotal = whole ? plan.files().size() : 0;
        bytesTotal = plan.lanes().stream().mapToLong(Lane::bytes).sum();
        shardsTotal = plan.lanes().size();
        tell();
    }

    /** A shard that an earlier attempt has published. */
    synchronized void found(Receipt receipt) {
        documentsDone += receipt.read();
        dropped += receipt.droppedInAll();
        bytesDone += receipt.bytes();
        bytesFound += receipt.bytes();
        tokens += receipt.tokens();
        shardsDone++;
        shardsTotal += receipt.last() ? 0 : 1;
        tell();
    }

    private Counts of(Lane lane) {
        return active.computeIfAbsent(lane.name(), name -> new Counts(lane.bytes()));
    }

    /** The source is so much further. */
    synchronized void bytes(Lane lane, long count) {
        bytesDone += count;
        bytesHere += count;
        of(lane).bytes += count;
        if (System.nanoTime() - told > APART_NANOS) {
            tell();
        }
    }

    synchronized void dropped(Lane lane) {
        documentsDone++;
        documentsHere++;
        dropped++;
        of(lane).documents++;
    }

    /** A document with so many tokens, its separator included. */
    synchronized void written(Lane lane, long count) {
        documentsDone++;
        documentsHere++;
        tokens += count;
        tokensHere += count;
        Counts counts = of(lane);
        counts.documents++;
        counts.tokens += count;
    }

    synchronized void shardPublished(Lane lane, boolean last) {
        shardsDone++;
        shardsTotal += last ? 0 : 1;
        if (last) {
            active.remove(lane.name());
        }
        tell();
    }

    /** A survey is so much further. */
    synchronized void surveyed(Lane lane, long count, boolean last) {
        bytes(lane, count);
        if (last) {
            active.remove(lane.name());
        }
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
                tokensHere,
                documentsHere,
                Duration.ofNanos(System.nanoTime() - since),
                active.entrySet().stream()
                        .map(entry ->
                                new Partition(
                                        entry.getKey(),
                                        entry.getValue().documents,
                                        entry.getValue().tokens,
                                        entry.getValue().bytes,
                                        entry.getValue().total))
                        .toList());
    }

    private void tell() {
        told = System.nanoTime();
        listener.at(snapshot());
    }
}
