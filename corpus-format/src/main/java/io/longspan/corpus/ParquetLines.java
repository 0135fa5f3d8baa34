package io.longspan.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/** Turns JSON lines into a Parquet file, row by row and in their order. */
public final class ParquetLines {
    private ParquetLines() {}

    /**
     * Writes or replaces a Parquet file in one step. The same lines give the same bytes. Memory
     * does not grow with the file; a line may have 16 MB.
     *
     * @param lines an object per line
     * @param columns names of the members that become columns, in the order of the map, and their
     *     types in DuckDB's words, which are not quoted: they come from the program
     * @param file to write, beside which {@code .NAME.partial} is for a while
     * @throws IOException when a line does not have these members or the disk refuses
     */
    public static void write(Path lines, Map<String, String> columns, Path file)
            throws IOException {
        Path hidden = ShardFiles.hidden(file);
        Files.deleteIfExists(hidden);
        String types =
                columns.entrySet().stream()
                        .map(c -> quoted(c.getKey()) + ": " + quoted(c.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
        try {
            try (DuckDBConnection connection = DuckDb.open();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "copy (select * from read_json("
                                + quoted(DuckDb.literal(lines))
                                + ", format = 'newline_delimited', columns = "
                                + types
                                + ")) to "
                                + quoted(hidden.toAbsolutePath().toString())
                                + " (format parquet, compression zstd, row_group_size 10000)");
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
            DiskFiles.force(hidden);
            Files.move(
                    hidden,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            DiskFiles.forceFolder(file.toAbsolutePath().resolveSibling(""));
        } finally {
            Files.deleteIfExists(hidden);
        }
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
