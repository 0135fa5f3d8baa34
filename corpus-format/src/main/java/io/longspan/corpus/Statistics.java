package io.longspan.corpus;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * What a data set is like, from its manifest and its provenance. The same data set gives the same
 * statistics.
 *
 * @param manifest of the data set
 * @param lengths of documents in tokens, separators included
 * @param histogram of the lengths; each bucket begins at a power of two, empty ones in between are
 *     there
 * @param files with the most tokens, the largest first
 * @param otherFiles how many more there are
 */
public record Statistics(
        Manifest manifest,
        Lengths lengths,
        List<Bucket> histogram,
        List<FileCount> files,
        long otherFiles) {
    private static final int MOST_FILES = 20;

    /** Copies the lists. */
    public Statistics {
        histogram = List.copyOf(histogram);
        files = List.copyOf(files);
    }

    /**
     * Lengths of documents.
     *
     * @param shortest of them
     * @param median half of the documents are no longer
     * @param p95 of a hundred documents ninety-five are no longer
     * @param longest of them
     * @param mean of them
     */
    public record Lengths(long shortest, long median, long p95, long longest, double mean) {}

    /**
     * Documents of about one length.
     *
     * @param from shortest length
     * @param to length that is too long already
     * @param documents number of them
     * @param tokens in them
     */
    public record Bucket(long from, long to, long documents, long tokens) {}

    /**
     * What came out of one file of the source.
     *
     * @param path inside the source
     * @param documents written
     * @param tokens written
     */
    public record FileCount(String path, long documents, long tokens) {}

    /**
     * Reads the statistics of a data set.
     *
     * @throws CorpusException when there is none, or its provenance cannot be read
     */
    public static Statistics of(Path folder) {
        Manifest manifest = Manifest.read(folder);
        String files =
                manifest.shards().stream()
                        .map(shard -> DuckDb.literal(new ShardFiles(folder, shard.name()).meta()))
                        .map(path -> "'" + path.replace("'", "''") + "'")
                        .collect(Collectors.joining(", ", "read_parquet([", "])"));
        try (DuckDBConnection connection = DuckDb.open()) {
            List<FileCount> sources =
                    rows(
                            connection,
                            "select path, count(*), sum(tokens) from "
                                    + files
                                    + " group by path order by sum(tokens) desc, path",
                            found ->
                                    new FileCount(
                                            found.getString(1),
                                            found.getLong(2),
                                            found.getLong(3)));
            Lengths lengths =
                    rows(
                                    connection,
                                    "select min(tokens), quantile_disc(tokens, 0.5),"
                                            + " quantile_disc(tokens, 0.95), max(tokens), avg(tokens)"
                                            + " from "
                                            + files,
                                    found ->
                                            new Lengths(
                                                    found.getLong(1),
                                                    found.getLong(2),
                                                    found.getLong(3),
                                                    found.getLong(4),
                                                    found.getDouble(5)))
                            .getFirst();
            List<Bucket> buckets =
                    rows(
                            connection,
                            "select b, count(*), sum(tokens) from (select tokens, cast(floor(log2("
                                    + "tokens)) as integer) as b from "
                                    + files
                                    + ") group by b order by b",
                            found ->
                                    new Bucket(
                                            1L << found.getInt(1),
                                            2L << found.getInt(1),
                                            found.getLong(2),
                                            found.getLong(3)));
            int shown = Math.min(MOST_FILES, sources.size());
            return new Statistics(
                    manifest,
                    lengths,
                    filled(buckets),
                    sources.subList(0, shown),
                    sources.size() - shown);
        } catch (SQLException e) {
            throw new CorpusException(
                    "the provenance of '" + folder + "' cannot be read (" + e.getMessage() + ")",
                    e);
        }
    }

    private static List<Bucket> filled(List<Bucket> found) {
        List<Bucket> all = new ArrayList<>();
        for (Bucket bucket : found) {
            while (!all.isEmpty() && all.getLast().to() < bucket.from()) {
                all.add(new Bucket(all.getLast().to(), 2 * all.getLast().to(), 0, 0));
            }
            all.add(bucket);
        }
        return Collections.unmodifiableList(all);
    }

    private interface Row<T> {
        T of(ResultSet found) throws SQLException;
    }

    private static <T> List<T> rows(DuckDBConnection connection, String sql, Row<T> row)
            throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(sql);
                ResultSet found = query.executeQuery()) {
            while (found.next()) {
                rows.add(row.of(found));
            }
        }
        return rows;
    }
}
