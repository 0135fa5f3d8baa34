package io.longspan.ingest.source;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.ParquetMemory;
import io.longspan.corpus.ParquetTable;
import io.longspan.ingest.rule.DropReason;
import io.longspan.ingest.source.SourceRecord.Document;
import io.longspan.ingest.source.SourceRecord.Unusable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet file, or of some of its row groups. */
final class ParquetCursor implements RecordCursor {
    private final SourceFile file;
    private final ReadPart part;
    private final Columns names;
    private final String licence;
    private final ReadLimits limits;
    private final ParquetMemory memory;
    private final long size;
    private final List<String> present = new ArrayList<>();
    private ParquetTable.@Nullable Rows rows;
    private long row;
    private boolean done;

    /**
     * @param size share of the file's bytes that the part stands for
     */
    ParquetCursor(
            ReadPart part,
            Columns names,
            String licence,
            ReadLimits limits,
            ParquetMemory memory,
            long size) {
        this.file = part.files().getFirst();
        this.part = part;
        this.names = names;
        this.licence = licence;
        this.limits = limits;
        this.memory = memory;
        this.size = size;
        row = part.from();
    }

    @Override
    public @Nullable SourceRecord next() {
        if (done) {
            return null;
        }
        String id = file.path() + "@" + row;
        List<@Nullable String> values;
        try {
            if (rows == null) {
                rows = open();
            }
            values = rows.next();
        } catch (IOException e) {
            done = true;
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return new Unusable(id, file.path(), row, DropReason.CORRUPT, message);
        }
        if (values == null) {
            done = true;
            return null;
        }
        return record(id, values);
    }

    private ParquetTable.Rows open() throws IOException {
        List<String> columns = ParquetTable.columns(file.location());
        if (!columns.contains(names.text())) {
            throw new CorpusException(
                    "'"
                            + file.location()
                            + "' has no column '"
                            + names.text()
                            + "' but "
                            + columns
                            + "; name the one that holds the text");
        }
        for (String name :
                List.of(names.text(), names.id(), names.title(), names.url(), names.split())) {
            if (columns.contains(name) && !present.contains(name)) {
                present.add(name);
            }
        }
        return ParquetTable.Rows.open(file.location(), present, part.from(), part.to(), memory);
    }

    private SourceRecord record(String id, List<@Nullable String> values) {
        long at = row++;
        int text = present.indexOf(names.text());
        String content = values.get(text);
        if (content == null) {
            return new Unusable(id, file.path(), at, DropReason.NO_TEXT, "null");
        }
        // A character has at least one byte; the pipeline counts them exactly.
        if (content.length() > limits.longestDocument()) {
            return new Unusable(id, file.path(), at, DropReason.TOO_LARGE, "");
        }
        String url = value(values, names.url());
        return new Document(
                id,
                file.path(),
                Columns.key(value(values, names.id()), url, id),
                content,
                value(values, names.title()),
                url,
                licence,
                value(values, names.split()));
    }

    private String value(List<@Nullable String> values, String name) {
        int column = present.indexOf(name);
        String found = column < 0 ? null : values.get(column);
        return found == null ? "" : found;
    }

    /** DuckDB does not say how far it has read; rows stand for bytes. */
    @Override
    public long position() {
        if (done) {
            return size;
        }
        long wanted = part.to() < 0 ? Long.MAX_VALUE : part.to() - part.from();
        return (long) (size * ((double) (row - part.from()) / wanted));
    }

    @Override
    public void close() {
        if (rows != null) {
            rows.close();
        }
    }
}
