package io.longspan.ingest;

import io.longspan.corpus.DocumentInfo;
import io.longspan.corpus.ShardEntry;
import io.longspan.corpus.ShardWriter;
import io.longspan.ingest.LaneReader.Item;
import io.longspan.ingest.Plan.Lane;
import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.rule.Languages;
import io.longspan.ingest.rule.Pipeline.Prepared;
import io.longspan.ingest.rule.Verdict;
import io.longspan.ingest.source.SourceRecord.Bytes;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepContribution;

/**
 * One lane under construction, by one thread: its shards, one after the other. Begun anew, it finds
 * the shards that are there, passes over their records and goes on behind them.
 */
final class LaneBuild implements LaneWork {
    private final Build build;
    private final int number;
    private final Lane lane;
    private int shard;
    private boolean done;
    private long toSkip;
    private long position;
    private @Nullable LaneReader reader;
    private @Nullable Item upcoming;
    private @Nullable Shard current;
    private long ordinal;

    LaneBuild(Build build, int number, StepContribution contribution) throws IOException {
        this.build = build;
        this.number = number;
        lane = build.planned().plan().lanes().get(number);
        Optional<Receipt> found = build.folder.done(lane.shard(0));
        while (found.isPresent() && !done) {
            // Published by an attempt that ended, or died before it could say so.
            count(contribution, found.get());
            toSkip += found.get().read();
            position += found.get().bytes();
            done = found.get().last();
            shard++;
            found = build.folder.done(lane.shard(shard));
        }
    }

    private static void count(StepContribution contribution, Receipt receipt) {
        for (long i = 0; i < receipt.read(); i++) {
            contribution.incrementReadCount();
        }
        contribution.incrementWriteCount(receipt.written());
        contribution.incrementFilterCount(receipt.droppedInAll());
    }

    /** A shard under construction. */
    private final class Shard {
        final ShardWriter writer;
        final DroppedFile aside;
        final SortedMap<String, Long> dropped = new TreeMap<>();
        final SortedMap<String, Long> languages = new TreeMap<>();
        long read;
        long bytes;
        long textBytes;

        Shard() {
            writer =
                    ShardWriter.create(
                            build.request.out(),
                            lane.shard(shard),
                            build.tokenizer.vocabularySize(),
                            build.tokenizer.separator());
            aside = new DroppedFile(build.request.out(), lane.shard(shard));
        }

        void close() {
            writer.close();
            aside.close();
        }
    }

    @Override
    public boolean advance(StepContribution contribution) throws IOException {
        if (done) {
            return false;
        }
        LaneReader from = reader;
        if (from == null) {
            from = new LaneReader(build, lane, true);
            reader = from;
        }
        if (toSkip > ordinal) {
            if (!from.skip()) {
                throw new IllegalStateException(
                        "lane '"
                                + lane.name()
                                + "' has only "
                                + ordinal
                                + " records, not "
                                + toSkip);
            }
            ordinal++;
            if (toSkip == ordinal) {
                upcoming = from.next();
            }
            return true;
        }
        if (ordinal == 0 && current == null) {
            upcoming = from.next();
        }
        Shard open = current;
        if (open == null) {
            open = new Shard();
            current = open;
        }
        if (upcoming != null) {
            take(open, upcoming, contribution);
            upcoming = from.next();
            move(open, upcoming == null ? lane.bytes() : from.position());
        } else {
            move(open, lane.bytes());
        }
        boolean last = upcoming == null;
        if (last || (lane.many() && open.textBytes >= build.request.settings().shardBytes())) {
            publish(open, last);
        }
        return !last;
    }

    private void move(Shard open, long to) {
        open.bytes += to - position;
        build.board.bytes(lane, to - position);
        position = to;
    }

    private void take(Shard open, Item item, StepContribution contribution) {
        contribution.incrementReadCount();
        open.read++;
        DropReason reason = fate(open, item);
        if (reason == null) {
            contribution.incrementWriteCount(1);
        } else {
            contribution.incrementFilterCount();
            open.dropped.merge(reason.label(), 1L, Long::sum);
            build.board.dropped(lane);
            if (build.request.settings().rules().keepsDropped()) {
                open.aside.add(item.record(), reason);
            }
        }
        ordinal++;
    }

    /** Writes the document, or says why not. */
    private @Nullable DropReason fate(Shard open, Item item) {
        if (item.record() instanceof Unusable unusable) {
            return unusable.reason();
        }
        Prepared prepared = item.prepared().orElseThrow();
        return switch (prepared) {
            case Prepared.Dropped(DropReason reason) -> reason;
            case Prepared.Text(Document document) -> {
                if (build.duplicates().contains(number, ordinal)) {
                    yield DropReason.DUPLICATE;
                }
                yield switch (build.pipeline.judge(document)) {
                    case Verdict.Drop(DropReason reason) -> reason;
                    case Verdict.Keep(String text) -> write(open, document, text);
                };
            }
        };
    }

    private @Nullable DropReason write(Shard open, Document document, String text) {
        int[] ids = build.tokenizer.encode(text);
        if (ids.length <= build.request.settings().rules().longerThan()
                && build.request.settings().rules().longerThan() > 0) {
            return DropReason.TOO_SHORT;
        }
        Bytes content = document.withText(text).bytes().orElseGet(() -> Bytes.of(text));
        open.writer.add(
                new DocumentInfo(
                        document.id(),
                        build.request.corpus().label(),
                        document.path(),
                        document.url(),
                        document.title(),
                        document.licence(),
                        content.count(),
                        text.codePointCount(0, text.length()),
                        content.sha256()),
                ids);
        open.textBytes += content.count();
        open.languages.merge(Languages.of(text), 1L, Long::sum);
        build.board.written(lane, ids.length + 1L);
        return null;
    }

    /** Completes a shard: its receipt first, then its files become visible. */
    private void publish(Shard open, boolean last) {
        Optional<ShardEntry> entry =
                open.writer.documents() == 0 ? Optional.empty() : Optional.of(open.writer.finish());
        open.aside.publish();
        Receipt receipt =
                new Receipt(open.read, open.bytes, open.dropped, open.languages, entry, last);
        build.folder.write(lane.shard(shard), receipt);
        if (entry.isPresent()) {
            open.writer.publish();
        }
        open.close();
        current = null;
        shard++;
        done = last;
        build.published(receipt);
        build.board.shardPublished(lane, last);
    }

    @Override
    public void close() {
        if (current != null) {
            current.close();
        }
        if (reader != null) {
            reader.close();
        }
    }
}
