package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.corpus.ParquetTable;
import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.bulk.BulkInput;
import io.longspan.model.bulk.BulkRecord;
import io.longspan.model.bulk.BulkSource;
import io.longspan.model.bulk.FileDigest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents of a Parquet file, for bulk inference. Positions are numbers of rows.
 *
 * @param file to read
 * @param text column with the text
 * @param id column with the id; null where the file has none and the number of the row stands in
 * @param digest of the content and of the names of the columns
 * @param size rows
 */
record ParquetDocuments(Path file, String text, @Nullable String id, String digest, long size)
        implements BulkInput {
    static ParquetDocuments of(Path file, String text, String id) {
        InputFiles.size(file);
        try {
            List<String> columns = ParquetTable.columns(file);
            if (!columns.contains(text)) {
                throw new UsageException(
                        "'"
                                + file
                                + "' has no column '"
                                + text
                                + "' but "
                                + columns
                                + "; name the one that holds the text with --text-field");
            }
            return new ParquetDocuments(
                    file,
                    text,
                    columns.contains(id) ? id : null,
                    FileDigest.of(file) + " " + text + " " + id,
                    ParquetTable.rowGroups(file).stream()
                            .mapToLong(ParquetTable.RowGroup::rows)
                            .sum());
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    @Override
    public BulkSource open(long position) {
        try {
            List<String> columns = id == null ? List.of(text) : List.of(text, id);
            return new Source(this, ParquetTable.Rows.open(file, columns, position, -1), position);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ModelInputException unreadable(Path file, IOException cause) {
        return new ModelInputException(
                "'"
                        + file
                        + "' cannot be read as Parquet ("
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("")
                        + "); check that it is whole",
                cause);
    }

    /** Rows one after the other. */
    private static final class Source implements BulkSource {
        private final ParquetDocuments input;
        private final ParquetTable.Rows rows;
        private long row;

        Source(ParquetDocuments input, ParquetTable.Rows rows, long row) {
            this.input = input;
            this.rows = rows;
            this.row = row;
        }

        @Override
        public @Nullable BulkRecord next() {
            List<@Nullable String> values;
            try {
                values = rows.next();
            } catch (IOException e) {
                throw unreadable(input.file, e);
            }
            if (values == null) {
                return null;
            }
            row++;
            String place = input.file + ", row " + row;
            String text = values.getFirst();
            if (text == null) {
                return new BulkRecord.Unusable(place, "column '" + input.text + "' is null");
            }
            String id = input.id == null ? null : values.get(1);
            return new BulkRecord.Document(place, id == null ? Long.toString(row) : id, text);
        }

        @Override
        public long position() {
            return row;
        }

        @Override
        public long done() {
            return row;
        }

        @Override
        public void close() {
            rows.close();
        }
    }
}
