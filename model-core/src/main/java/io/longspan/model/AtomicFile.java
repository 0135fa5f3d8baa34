package io.longspan.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file so that its name never shows half of it: into a temporary file of the same folder,
 * forced to disk, then moved over the name in one step.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Puts the bytes of a file into a channel that stands at its beginning. */
    @FunctionalInterface
    public interface Content {
        /** Writes everything; the channel stays open. */
        void writeTo(FileChannel channel) throws IOException;
    }

    /**
     * Checks early that a file can be written, before long work begins.
     *
     * @throws ModelInputException when its folder is missing or may not be written, or a folder has
     *     its name
     */
    public static void check(Path file) {
        checkFolder(file);
        if (Files.isDirectory(file)) {
            throw new ModelInputException("'" + file + "' is a folder; name a file in it");
        }
    }

    /**
     * Checks that something new can be made at a path.
     *
     * @throws ModelInputException when its folder is missing or may not be written
     */
    public static void checkFolder(Path made) {
        Path folder = made.toAbsolutePath().normalize().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new ModelInputException(
                    "the folder of '" + made + "' does not exist; create it first");
        }
        if (!Files.isWritable(folder)) {
            throw new ModelInputException(
                    "the folder of '"
                            + made
                            + "' may not be written; change its permissions or name another");
        }
    }

    /**
     * Writes or replaces a file. When the content fails nothing is left behind and the old file, if
     * any, is untouched.
     *
     * @param file path to write; its folder has to exist
     * @param content what goes in
     * @throws ModelInputException as {@link #check} does
     * @throws UncheckedIOException when the disk refuses; the message names the file
     */
    public static void write(Path file, Content content) {
        check(file);
        Path target = file.toAbsolutePath();
        Path folder = target.resolveSibling("");
        Path temporary =
                folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                fill(temporary, content);
                Files.move(
                        temporary,
                        target,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be written", e);
        }
    }

    private static void fill(Path temporary, Content content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            content.writeTo(channel);
            channel.force(true);
        }
    }
}
