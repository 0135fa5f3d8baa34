package io.longspan.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;

/** Steps of which a power cut leaves all or nothing. */
final class DurableFiles {
    private static final boolean FOLDERS_OPEN =
            !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

    private DurableFiles() {}

    /** A name of the same folder that no other writer has and no reader looks at. */
    static Path temporary(Path file) {
        return file.resolveSibling(
                "." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /** Gives a forced file its name, replacing what had it; done when this returns. */
    static void move(Path temporary, Path file) throws IOException {
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        force(file.toAbsolutePath().getParent());
    }

    /** Forces names of a folder to disk; Windows opens no folders and does it by itself. */
    static void force(Path folder) throws IOException {
        if (FOLDERS_OPEN) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** Writes or replaces a small file in one step. */
    static void write(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        try {
            try (FileChannel channel =
                    FileChannel.open(
                            temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(content);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
