package io.longspan.corpus;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** The Parquet file beside a shard: one row for each document, in their order. */
final class Provenance {
    private static final String COLUMNS =
            "document bigint, id varchar, source varchar, path varchar, url varchar, title varchar,"
                    + " licence varchar, bytes bigint, characters bigint, tokens bigint, sha256"
                    + " varchar";

    private Provenance() {}

    /**
     * One row.
     *
     * @param document where it came from
     * @param tokens with its separator
     */
    record Row(DocumentInfo document, long tokens) {}

    static void write(Path file, List<DocumentInfo> documents, List<Integer> lengths)
            throws IOException {
        try (DuckDBConnection connection = DuckDb.open()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create table meta (" + COLUMNS + ")");
            }
            try (DuckDBAppender appender = connection.createAppender("main", "meta")) {
                for (int i = 0; i < documents.size(); i++) {
                    append(appender, i, documents.get(i), lengths.get(i));
                }
            }
            String path = file.toAbsolutePath().toString().replace("'", "''");
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "copy (select * from meta order by document) to '"
                                + path
                                + "' (format parquet, compression zstd, row_group_size 50000)");
            }
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static void append(DuckDBAppender to, long number, DocumentInfo document, long tokens)
            throws SQLException {
        to.beginRow()
                .append(number)
                .append(document.id())
                .append(document.source())
                .append(document.path())
                .append(document.url())
                .append(document.title())
                .append(document.licence())
                .append(document.bytes())
                .append(document.characters())
                .append(tokens)
                .append(document.sha256())
                .endRow();
    }

    static List<Row> read(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (DuckDBConnection connection = DuckDb.open();
                PreparedStatement query =
                        connection.prepareStatement(
                                "select * from read_parquet(?) order by document")) {
            query.setString(1, DuckDb.literal(file));
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found));
                }
            }
        } catch (SQLException e) {
            throw new IOException(e.getMessage(), e);
        }
        return rows;
    }

    private static Row row(ResultSet found) throws SQLException {
        return new Row(
                new DocumentInfo(
                        found.getString("id"),
                        found.getString("source"),
                        found.getString("path"),
                        found.getString("url"),
                        found.getString("title"),
                        found.getString("licence"),
                        found.getLong("bytes"),
                        found.getLong("characters"),
                        found.getString("sha256")),
                found.getLong("tokens"));
    }
}
