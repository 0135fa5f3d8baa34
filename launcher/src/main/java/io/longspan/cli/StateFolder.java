package io.longspan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where everything that the platform keeps for a working folder lies: embedded database, demo,
 * spool.
 */
final class StateFolder {
    private StateFolder() {}

    /** The folder, made when it is missing. */
    static Path open() throws IOException {
        return Files.createDirectories(Path.of(".longspan"));
    }
}
