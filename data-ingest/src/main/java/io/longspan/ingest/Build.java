package io.longspan.ingest;

import io.longspan.ingest.rule.Pipeline;
import io.longspan.ingest.source.CorpusReader;
import io.longspan.ingest.source.SourceFile;
import io.longspan.model.tokenizer.CorpusTokenizer;
import io.longspan.store.dataset.DataSets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the steps of one run share. */
final class Build {
    final IngestRequest request;
    final CorpusReader reader;
    final Pipeline pipeline;
    final CorpusTokenizer tokenizer;
    final OutputFolder folder;
    final DataSets rows;
    final ProgressBoard board;
    final BooleanSupplier stop;

    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicReference<@Nullable Planned> planned = new AtomicReference<>();
    private final AtomicReference<Duplicates> duplicates = new AtomicReference<>(new Duplicates(0));
    private final Published published = new Published();

    /** A plan and where its files are. */
    record Planned(Plan plan, List<SourceFile> files) {}

    /** What the published shards add up to. */
    private static final class Published {
        private long documents;
        private long dropped;
        private long tokens;
        private int shards;
    }

    Build(
            IngestRequest request,
            CorpusReader reader,
            CorpusTokenizer tokenizer,
            DataSets rows,
            ProgressBoard board,
            BooleanSupplier stop) {
        this.request = request;
        this.reader = reader;
        this.pipeline = request.corpus().pipeline(request.settings());
        this.tokenizer = tokenizer;
        this.folder = new OutputFolder(request.out());
        this.rows = rows;
        this.board = board;
        this.stop = stop;
    }

    /** Whether to end soon: somebody asked for it, or another worker has failed. */
    boolean ending() {
        return failure.get() != null || stop.getAsBoolean();
    }

    void failed(Throwable problem) {
        failure.compareAndSet(null, problem);
    }

    @Nullable Throwable failure() {
        return failure.get();
    }

    void planned(Planned found) {
        planned.set(found);
    }

    Planned planned() {
        Planned found = planned.get();
        if (found == null) {
            throw new IllegalStateException("the plan step has not run");
        }
        return found;
    }

    /** What was found to be a duplicate; nothing where that was not asked for. */
    Duplicates duplicates() {
        return duplicates.get();
    }

    void duplicates(Duplicates found) {
        duplicates.set(found);
    }

    /** For those who compare the source with its plan. */
    Planner planner() {
        return new Planner(reader, request, stop);
    }

    /** Notes a shard in the row of the data set; whoever comes later knows more. */
    void published(Receipt receipt) {
        synchronized (published) {
            published.documents += receipt.written();
            published.dropped += receipt.droppedInAll();
            published.tokens += receipt.tokens();
            published.shards += receipt.entry().isPresent() ? 1 : 0;
            rows.progress(
                    request.out().toString(),
                    published.documents,
                    published.dropped,
                    published.tokens,
                    published.shards);
        }
    }
}
