package io.longspan.ingest;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/** Makes compressed files, archives and Parquet for tests. */
final class Packs {
    private Packs() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Bytes compressed as an end of a file's name says. */
    static byte[] packed(String end, byte[] content) throws IOException {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        try (OutputStream out =
                switch (end) {
                    case ".gz" -> new GZIPOutputStream(found);
                    case ".bz2" -> new BZip2CompressorOutputStream(found, 1);
                    case ".zst" -> new ZstdOutputStream(found);
                    case "" -> found;
                    default -> throw new IllegalArgumentException(end);
                }) {
            out.write(content);
        }
        return found.toByteArray();
    }

    /** A tar archive of entries in their order. */
    static byte[] tar(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        try (TarArchiveOutputStream out = new TarArchiveOutputStream(found)) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey());
                header.setSize(entry.getValue().length);
                out.putArchiveEntry(header);
                out.write(entry.getValue());
                out.closeArchiveEntry();
            }
        }
        return found.toByteArray();
    }

    /** A Parquet file of what a query says, in row groups of so many rows (2,048 at least). */
    static void parquet(Path file, String query, int group) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("set threads to 1");
            statement.execute(
                    "copy (%s) to '%s' (format parquet, row_group_size %d)"
                            .formatted(query, file, group));
        }
    }

    /** A page of a dump. */
    static String page(int id, String title, String inside, String text) {
        return """
          <page>
            <title>%s</title>
            <id>%d</id>
            %s
            <revision>
              <id>%d</id>
              <contributor><username>Someone</username><id>7</id></contributor>
              <text xml:space="preserve">%s</text>
            </revision>
          </page>
        """
                .formatted(title, id, inside, id + 1000, text);
    }

    static final String DUMP_START =
            """
            <mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">
              <siteinfo><sitename>Wikipedia</sitename></siteinfo>
            """;

    /**
     * A dump as real ones are: a stream for the head, one for each group of pages, one for the end.
     */
    static byte[] multistream(String... groups) throws IOException {
        ByteArrayOutputStream found = new ByteArrayOutputStream();
        found.write(packed(".bz2", utf8(DUMP_START)));
        for (String group : groups) {
            found.write(packed(".bz2", utf8(group)));
        }
        found.write(packed(".bz2", utf8("</mediawiki>\n")));
        return found.toByteArray();
    }

    static Path write(Path file, byte[] content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }
}
