package io.longspan.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reads files that a user named; every way to fail is a {@link ModelInputException}. */
public final class InputFiles {
    private InputFiles() {}

    /**
     * The bytes of a small file.
     *
     * @param file path to read
     * @param largest bytes above which the file is refused unread
     * @throws ModelInputException when the file is missing, no regular file, too large or
     *     unreadable
     */
    public static byte[] read(Path file, long largest) {
        long size = size(file);
        if (size > largest) {
            throw new ModelInputException(
                    String.format(
                            Locale.ROOT,
                            "'%s' has %d bytes; at most %d were expected, so check that it is the"
                                    + " right file",
                            file,
                            size,
                            largest));
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * The size of a regular file in bytes.
     *
     * @throws ModelInputException when the file is missing, no regular file or unreadable
     */
    public static long size(Path file) {
        if (!Files.exists(file)) {
            throw new ModelInputException("'" + file + "' does not exist; check the path");
        }
        if (!Files.isRegularFile(file)) {
            throw new ModelInputException("'" + file + "' is not a file; name a file");
        }
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The refusal of a file that exists and cannot be read. */
    public static ModelInputException unreadable(Path file, IOException cause) {
        return new ModelInputException(
                "'"
                        + file
                        + "' cannot be read ("
                        + Quoted.plain(String.valueOf(cause.getMessage()))
                        + "); check its permissions",
                cause);
    }
}
