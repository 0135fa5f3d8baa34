package io.longspan.model.bulk;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where an unfinished run stands.
 *
 * @param identity what the output depends on, by name
 * @param position of the input that comes next
 * @param bytes of the output that are whole
 * @param counts up to here
 * @param complete whether the input is at its end and only the name of the output is missing
 */
record BulkPoint(
        SortedMap<String, String> identity,
        long position,
        long bytes,
        BulkCounts counts,
        boolean complete) {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final long LARGEST = 1 << 24;

    static BulkPoint start(Map<String, String> identity) {
        return new BulkPoint(new TreeMap<>(identity), 0, 0, BulkCounts.none(), false);
    }

    static Optional<BulkPoint> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readValue(InputFiles.read(file, LARGEST), BulkPoint.class));
        } catch (JacksonException e) {
            throw new ModelInputException(
                    "'"
                            + file
                            + "' does not say where an unfinished run stands ("
                            + e.getOriginalMessage()
                            + "); start over with --force",
                    e);
        }
    }

    /** Writes or replaces it in one step; a kill leaves at most one file, which the next uses. */
    void write(Path file) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(temporary, MAPPER.writeValueAsBytes(this));
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes what says where a run stands. */
    static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".tmp"));
    }
}
