package io.longspan.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** A Parquet file of somebody else: which columns and row groups it has, and its rows as text. */
public final class ParquetTable {
    /** Rows come in blocks of so many. */
    private static final long BLOCK_ROWS = 2048;

    /** Pages that DuckDB writes have up to 100 MB, and three buffers are held for one. */
    private static final long PAGE_BYTES = 128L << 20;

    private static final long BASE_BYTES = 64L << 20;

    private ParquetTable() {}

    /**
     * Some rows that are stored together.
     *
     * @param rows number of them
     * @param bytes that they unpack to
     */
    public record RowGroup(long rows, long bytes) {}

    /**
     * The names of the columns, in their order.
     *
     * @throws IOException when the file is no Parquet or damaged
     */
    public static List<String> columns(Path file) throws IOException {
        return query(
                file,
                "select column_name from (describe select * from read_parquet(?))",
                found -> found.getString(1));
    }

    /**
     * The row groups, in their order.
     *
     * @throws IOException when the file is no Parquet or damaged
     */
    public static List<RowGroup> rowGroups(Path file) throws IOException {
        return query(
                file,
                "select any_value(row_group_num_rows), sum(total_uncompressed_size)"
                        + " from parquet_metadata(?) group by row_group_id order by row_group_id",
                found -> new RowGroup(found.getLong(1), found.getLong(2)));
    }

    private interface Row<T> {
        T of(ResultSet found) throws SQLException;
    }

    private static <T> List<T> query(Path file, String sql, Row<T> row) throws IOException {
        List<T> rows = new ArrayList<>();
        try (DuckDBConnection connection = DuckDb.open();
                PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, DuckDb.literal(file));
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    rows.add(row.of(found));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw problem(file, e);
        }
    }

    /** Too little memory is no damage: a document would be missing where there is nothing wrong. */
    private static IOException problem(Path file, SQLException cause) {
        String message = String.valueOf(cause.getMessage());
        if (message.contains("Out of Memory") || message.contains("Java heap space")) {
            throw new CorpusException(
                    "'"
                            + file
                            + "' needs more memory than there is ("
                            + message.lines().findFirst().orElse("")
                            + "); give the JVM more with -Xmx, allow readers of Parquet more, or write the"
                            + " file with smaller row groups",
                    cause);
        }
        return new IOException(message, cause);
    }

    /**
     * Rows from one number up to another, one after the other. For one thread; whoever opened it
     * closes it.
     */
    public static final class Rows implements AutoCloseable {
        /**
         * DuckDB hands rows over by the thousand. Where they are long, so many are asked for at
         * once that they have about this many bytes.
         */
        private static final long AT_ONCE_BYTES = 128L << 20;

        private final Path file;
        private final ParquetMemory.Share share;
        private final DuckDBConnection connection;
        private final PreparedStatement query;
        private final int columns;
        private final long to;
        private final long atOnce;
        private long asked;
        private @Nullable ResultSet found;

        private Rows(
                Path file,
                ParquetMemory.Share share,
                DuckDBConnection connection,
                PreparedStatement query,
                int columns,
                long from,
                long to,
                long atOnce) {
            this.file = file;
            this.share = share;
            this.connection = connection;
            this.query = query;
            this.columns = columns;
            this.asked = from;
            this.to = to;
            this.atOnce = atOnce;
        }

        /** Opens some rows, with {@link ParquetMemory#STANDARD_MEBIBYTES} for it alone. */
        public static Rows open(Path file, List<String> columns, long from, long to)
                throws IOException {
            ParquetMemory own = new ParquetMemory(ParquetMemory.STANDARD_MEBIBYTES);
            return open(file, columns, from, to, own);
        }

        /**
         * Opens some rows; waits while others have the memory.
         *
         * @param file to read
         * @param columns their names, which the file has
         * @param from first row
         * @param to row behind the last, or negative for the end
         * @param memory out of which it takes what it needs until it is closed
         * @throws IOException when the file is no Parquet or damaged
         * @throws CorpusException when there is too little memory for its rows
         */
        @SuppressWarnings("resource") // The result owns them, or they are closed before it throws.
        public static Rows open(
                Path file, List<String> columns, long from, long to, ParquetMemory memory)
                throws IOException {
            long rows = 0;
            long longest = 1;
            long wanted = 0;
            for (RowGroup group : rowGroups(file)) {
                rows += group.rows();
                long mean = group.bytes() / Math.max(1, group.rows());
                longest = Math.max(longest, mean);
                wanted = Math.max(wanted, wanted(group.bytes(), mean));
            }
            ParquetMemory.Share share = memory.take(wanted);
            DuckDBConnection connection = null;
            PreparedStatement query = null;
            try {
                connection = DuckDb.openForParquet(share.limit());
                query =
                        connection.prepareStatement(
                                "select "
                                        + columns.stream()
                                                .map(Rows::text)
                                                .collect(Collectors.joining(", "))
                                        + " from read_parquet(?, file_row_number = true)"
                                        + " where file_row_number >= ? and file_row_number < ?");
                query.setString(1, DuckDb.literal(file));
                return new Rows(
                        file,
                        share,
                        connection,
                        query,
                        columns.size(),
                        from,
                        to < 0 ? rows : to,
                        Math.max(1, AT_ONCE_BYTES / longest));
            } catch (SQLException e) {
                close(query);
                close(connection);
                share.close();
                throw problem(file, e);
            }
        }

        /** What a row group takes: a page with its buffers, and a block of rows. */
        private static long wanted(long bytes, long mean) {
            long block = Math.min(bytes, BLOCK_ROWS * mean);
            return BASE_BYTES + 3 * Math.min(bytes, PAGE_BYTES) + block + block / 5;
        }

        private static String text(String column) {
            return "cast(\"" + column.replace("\"", "\"\"") + "\" as varchar)";
        }

        /**
         * The next row: a value for each column, nothing where it is null; no row at the end.
         *
         * @throws IOException when the file is damaged from here on
         * @throws CorpusException when there is too little memory for its rows
         */
        public @Nullable List<@Nullable String> next() throws IOException {
            try {
                ResultSet rows = found;
                while (rows == null || !rows.next()) {
                    close(rows);
                    found = null;
                    if (asked >= to) {
                        return null;
                    }
                    long end = Math.min(to, asked + atOnce);
                    query.setLong(2, asked);
                    query.setLong(3, end);
                    asked = end;
                    rows = query.executeQuery();
                    found = rows;
                }
                List<@Nullable String> row = new ArrayList<>(columns);
                for (int c = 1; c <= columns; c++) {
                    row.add(rows.getString(c));
                }
                return row;
            } catch (SQLException e) {
                throw problem(file, e);
            }
        }

        @Override
        public void close() {
            close(found);
            close(query);
            close(connection);
            share.close();
        }

        private static void close(@Nullable AutoCloseable opened) {
            if (opened != null) {
                try {
                    opened.close();
                } catch (Exception e) {
                    throw new IllegalStateException("DuckDB cannot be closed", e);
                }
            }
        }
    }
}
