package io.longspan.corpus;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.duckdb.DuckDBConnection;

/** DuckDB in memory, which fetches nothing from anywhere. */
final class DuckDb {
    private DuckDb() {}

    /** A database in memory for what this project writes. */
    static DuckDBConnection open() throws SQLException {
        return open("512MB");
    }

    /** A database in memory. One thread: rows keep their order, and bytes repeat. */
    static DuckDBConnection open(String memory) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("threads", "1");
        settings.setProperty("memory_limit", memory);
        settings.setProperty("temp_directory", "");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        // Rows come as they are read, instead of all before the first.
        settings.setProperty("jdbc_stream_results", "true");
        return DriverManager.getConnection("jdbc:duckdb:", settings).unwrap(DuckDBConnection.class);
    }

    /**
     * A database in memory that reads Parquet page by page. Otherwise it fetches a whole row group
     * before the first row, and keeps what it has read of the file for queries that never come.
     */
    static DuckDBConnection openForParquet(String memory) throws SQLException {
        DuckDBConnection connection = open(memory);
        try (Statement settings = connection.createStatement()) {
            settings.execute("load parquet");
            settings.execute("set disable_parquet_prefetching = true");
            settings.execute("set enable_external_file_cache = false");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Files are searched by pattern: its signs have to stand for themselves. */
    static String literal(Path file) {
        return file.toAbsolutePath().toString().replaceAll("[\\[*?]", "[$0]");
    }
}
