package io.longspan.store.embedded;

import io.longspan.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * A turn among processes, by a lock on a file; the system gives it back when a process dies.
 *
 * <p>Locks belong to a process, not to a channel: closing any channel of the file gives up the
 * lock. Whoever takes turns within a process needs a monitor of its own around this.
 */
final class FolderLock implements AutoCloseable {
    private static final long PAUSE_MILLIS = 20;

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the turn.
     *
     * @throws StoreUnavailableException when it does not come in time
     */
    static FolderLock take(Path file, Duration patience) {
        try {
            FileChannel channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                await(channel, file, patience);
                return new FolderLock(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    "the file '"
                            + file
                            + "' cannot be locked ("
                            + Problems.reason(e)
                            + "); choose a folder on a local disk that this user may write",
                    e);
        }
    }

    private static void await(FileChannel channel, Path file, Duration patience)
            throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            // Polled, because a blocking lock closes the channel when the thread is interrupted.
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new StoreUnavailableException(
                        "another process has held '"
                                + file
                                + "' for "
                                + patience.toSeconds()
                                + " s while it starts or stops the database; try again, or end that process");
            }
            Commands.pause(PAUSE_MILLIS);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("a lock cannot be given back", e);
        }
    }
}
