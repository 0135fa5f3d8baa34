package io.longspan.serving.spool;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of segments that one process owns for as long as it lives: it holds a lock on a file in
 * it, which the operating system lets go when the process dies, however it dies.
 */
final class SpoolFolder implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String SEGMENT = ".log";
    private static final int ATTEMPTS = 100;

    private final Path folder;
    private final RandomAccessFile lockFile;

    private SpoolFolder(Path folder, RandomAccessFile lockFile) {
        this.folder = folder;
        this.lockFile = lockFile;
    }

    /** Makes and locks a folder of this process's own. */
    static SpoolFolder create(Path root) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            long random = ThreadLocalRandom.current().nextInt() & 0xffffffffL;
            Path folder = root.resolve(thisProcess() + String.format(Locale.ROOT, "%08x", random));
            Files.createDirectory(folder, OwnerOnly.folder(root));
            SpoolFolder locked = lock(folder);
            // Between making and locking, another process may have taken it for a dead one's.
            if (locked != null && Files.exists(folder.resolve(LOCK))) {
                return locked;
            }
            if (locked != null) {
                locked.close();
            }
        }
        throw new IOException("no folder of its own could be locked");
    }

    /** Locks the folders that dead processes left. */
    static List<SpoolFolder> abandoned(Path root) throws IOException {
        List<SpoolFolder> found = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
                // Opening and closing a lock file of this very process would let go of its lock.
                if (folder.getFileName().toString().startsWith(thisProcess())
                        || !Files.exists(folder.resolve(LOCK))) {
                    continue;
                }
                SpoolFolder locked = lock(folder);
                if (locked != null) {
                    found.add(locked);
                }
            }
        }
        return found;
    }

    Path path() {
        return folder;
    }

    Path segment(long number) {
        return folder.resolve(String.format(Locale.ROOT, "%012d", number) + SEGMENT);
    }

    /** What is in the folder, oldest first. */
    List<Segment> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Segment> segments = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(SEGMENT)).sorted().toList()) {
                segments.add(new Segment(file, false, Files.size(file)));
            }
            return segments;
        }
    }

    /** Removes the folder if nothing but the lock is in it, and lets go of it. */
    void release() throws IOException {
        try (lockFile) {
            boolean empty;
            try (Stream<Path> files = Files.list(folder)) {
                empty = files.allMatch(f -> f.endsWith(LOCK));
            }
            if (empty) {
                Files.delete(folder.resolve(LOCK));
                Files.delete(folder);
            }
        }
    }

    /** Lets go of the folder and leaves it as it is. */
    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    /** A process id alone comes again; together with the start it does not. */
    private static String thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        long started = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        return self.pid() + "-" + started + "-";
    }

    private static @Nullable SpoolFolder lock(Path folder) throws IOException {
        RandomAccessFile file = new RandomAccessFile(folder.resolve(LOCK).toFile(), "rw");
        FileLock lock = null;
        try {
            lock = file.getChannel().tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this process: as alive as by any other.
            lock = null;
        } finally {
            if (lock == null) {
                file.close();
            }
        }
        return lock == null ? null : new SpoolFolder(folder, file);
    }
}
