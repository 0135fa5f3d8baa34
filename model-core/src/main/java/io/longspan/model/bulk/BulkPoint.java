package io.longspan.model.bulk;

import io.longspan.model.AtomicFile;
import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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

    void write(Path file) {
        byte[] json = MAPPER.writeValueAsBytes(this);
        AtomicFile.write(
                file,
                channel -> {
                    ByteBuffer left = ByteBuffer.wrap(json);
                    while (left.hasRemaining()) {
                        channel.write(left);
                    }
                });
    }
}
