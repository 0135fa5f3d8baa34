package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.ingest.Plan.Lane;
import io.longspan.ingest.Plan.PlannedFile;
import io.longspan.ingest.rule.Pipeline.Prepared;
import io.longspan.ingest.source.ReadPart;
import io.longspan.ingest.source.RecordCursor;
import io.longspan.ingest.source.SourceChangedException;
import io.longspan.ingest.source.SourceFile;
import io.longspan.ingest.source.SourceRecord;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records of one lane in their order, each with what became of its text. */
final class LaneReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneReader.class);

    /** More would only fill the log; all are counted. */
    private static final int MOST_WARNINGS = 20;

    private final Build build;
    private final Lane lane;
    private final RecordCursor cursor;
    private final boolean tells;
    private int warnings;

    /**
     * @param tells whether damage is put into the log, once in a run
     */
    LaneReader(Build build, Lane lane, boolean tells) {
        this.tells = tells;
        this.build = build;
        this.lane = lane;
        int end = lane.first() + lane.count();
        List<SourceFile> files = build.planned().files().subList(lane.first(), end);
        List<String> digests =
                build.planned().plan().files().subList(lane.first(), end).stream()
                        .map(PlannedFile::sha256)
                        .toList();
        cursor =
                build.reader.open(
                        new ReadPart(files, digests, lane.from(), lane.to()), lane.bytes());
    }

    /**
     * A record.
     *
     * @param record as the source has it
     * @param prepared its text in the final form; empty when the source had none
     */
    record Item(SourceRecord record, Optional<Prepared> prepared) {}

    /** Passes over a record without looking at it; says no at the end. */
    boolean skip() throws IOException {
        return read() != null;
    }

    /**
     * The next record, or nothing at the end.
     *
     * @throws CorpusException when the source is damaged and the request says that this ends it
     */
    @Nullable Item next() throws IOException {
        return switch (read()) {
            case null -> null;
            case Document document ->
                    new Item(document, Optional.of(build.pipeline.prepare(document)));
            case Unusable unusable -> {
                note(unusable);
                yield new Item(unusable, Optional.empty());
            }
        };
    }

    private @Nullable SourceRecord read() throws IOException {
        try {
            return cursor.next();
        } catch (SourceChangedException e) {
            throw build.planner().changed("'" + e.path() + "' has another content");
        }
    }

    private void note(Unusable record) {
        if (!record.reason().damage()) {
            return;
        }
        String what =
                "'"
                        + record.path()
                        + "' is damaged at "
                        + record.offset()
                        + ": "
                        + record.reason().label()
                        + (record.detail().isEmpty() ? "" : " (" + record.detail() + ")");
        if (build.request.settings().rules().failsOnDamage()) {
            throw new CorpusException(
                    what
                            + "; put that right, take the file out of the source, or let damage be"
                            + " skipped");
        }
        if (tells && warnings < MOST_WARNINGS) {
            warnings++;
            LOG.warn("{}: {}; skipped", lane.name(), what);
        }
    }

    /** Bytes of the source behind it. */
    long position() {
        return Math.min(cursor.position(), lane.bytes());
    }

    @Override
    public void close() {
        try {
            cursor.close();
        } catch (IOException e) {
            LOG.warn("lane '{}' cannot be closed: {}", lane.name(), e.toString());
        }
    }
}
