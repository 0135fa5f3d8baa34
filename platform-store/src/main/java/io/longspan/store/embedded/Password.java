package io.longspan.store.embedded;

import io.longspan.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/** The server's password: random, in a file that only its owner may read. */
final class Password {
    private static final int BYTES = 24;

    private Password() {}

    /** Makes a new one, over any that was there. */
    static void make(Path file) throws IOException {
        Files.deleteIfExists(file);
        if (SystemNames.windows()) {
            Files.createFile(file);
        } else {
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        Files.writeString(file, HexFormat.of().formatHex(random) + "\n");
    }

    static String read(Path file) throws IOException {
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new StoreUnavailableException(
                    "the embedded database's password file '"
                            + file
                            + "' is missing; put it back, or remove the folder '"
                            + file.getParent()
                            + "' to begin with an empty database",
                    e);
        }
    }
}
