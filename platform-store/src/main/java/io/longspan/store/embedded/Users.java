package io.longspan.store.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Who uses a server: one file per user, locked for as long as the user lives, so that the death of
 * a process is seen however it died. Every method is called in the turn of the folder's lock.
 *
 * <p>Users of one process are told by the name of their files: to try a lock that the own process
 * holds would give it up.
 */
final class Users {
    private final Path folder;
    private final String process;

    Users(Path folder) {
        this.folder = folder;
        ProcessHandle self = ProcessHandle.current();
        process =
                self.pid()
                        + "-"
                        + self.info().startInstant().map(t -> t.toEpochMilli()).orElse(0L)
                        + "-";
    }

    /** Adds a user. */
    User join() throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(process + UUID.randomUUID());
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new IOException("'" + file + "' is locked by somebody else");
        }
        return new User(file, channel);
    }

    /** Whether anybody is left; files of the dead are removed. */
    boolean any() throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        List<Path> files;
        try (Stream<Path> listed = Files.list(folder)) {
            files = listed.toList();
        }
        boolean any = false;
        for (Path file : files) {
            any |= lives(file);
        }
        return any;
    }

    private boolean lives(Path file) throws IOException {
        if (file.getFileName().toString().startsWith(process)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (channel.tryLock() == null) {
                return true;
            }
        }
        Files.delete(file);
        return false;
    }

    /** One user. */
    record User(Path file, FileChannel channel) {
        /** Ends it. */
        void leave() throws IOException {
            channel.close();
            Files.deleteIfExists(file);
        }
    }
}
