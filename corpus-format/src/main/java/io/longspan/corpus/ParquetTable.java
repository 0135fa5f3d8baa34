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
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Rows from one number up to another, one after the other. For one thread; whoever opened it
     * closes it.
     */
    public static final class Rows implements AutoCloseable {
        private final DuckDBConnection connection;
        private final PreparedStatement query;
        private final ResultSet found;
        private final int columns;

        private Rows(
                DuckDBConnection connection, PreparedStatement query, ResultSet found, int count) {
            this.connection = connection;
            this.query = query;
            this.found = found;
            this.columns = count;
        }

        /**
         * Opens some rows.
         *
         * @param file to read
         * @param columns their names, which the file has
         * @param from first row
         * @param to row behind the last, or negative for the end
         * @throws IOException when the file is no Parquet or damaged
         */
        @SuppressWarnings("resource") // The result owns them, or they are closed before it throws.
        public static Rows open(Path file, List<String> columns, long from, long to)
                throws IOException {
            DuckDBConnection connection = null;
            PreparedStatement query = null;
            try {
                connection = DuckDb.open();
                query =
                        connection.prepareStatement(
                                "select "
                                        + columns.stream()
                                                .map(Rows::text)
                                                .collect(Collectors.joining(", "))
                                        + " from read_parquet(?, file_row_number = true)"
                                        + " where file_row_number >= ? and file_row_number < ?");
                query.setString(1, DuckDb.literal(file));
                query.setLong(2, from);
                query.setLong(3, to < 0 ? Long.MAX_VALUE : to);
                return new Rows(connection, query, query.executeQuery(), columns.size());
            } catch (SQLException e) {
                close(query);
                close(connection);
                throw new IOException(e.getMessage(), e);
            }
        }

        private static String text(String column) {
            return "cast(\"" + column.replace("\"", "\"\"") + "\" as varchar)";
        }

        /**
         * The next row: a value for each column, nothing where it is null; no row at the end.
         *
         * @throws IOException when the file is damaged from here on
         */
        public @Nullable List<@Nullable String> next() throws IOException {
            try {
                if (!found.next()) {
                    return null;
                }
                List<@Nullable String> row = new ArrayList<>(columns);
                for (int c = 1; c <= columns; c++) {
                    row.add(found.getString(c));
                }
                return row;
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            close(found);
            close(query);
            close(connection);
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
