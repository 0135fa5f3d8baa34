package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to write into a folder. The system takes it from a process that dies, so whoever has it
 * knows that no other lives that had it. The file stays: if it were removed, two could hold a lock
 * on two files of the same name.
 */
final class OutputLock implements AutoCloseable {
    private final FileChannel channel;

    private OutputLock(FileChannel channel) {
        this.channel = channel;
    }

    static Path file(Path folder) {
        return folder.resolve(".lock");
    }

    /**
     * Takes the right at once or not at all.
     *
     * @throws CorpusException when somebody has it
     */
    @SuppressWarnings("resource") // The lock ends with its channel, which the result closes.
    static OutputLock take(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(file(folder), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new OutputLock(channel);
            }
        } catch (OverlappingFileLockException _) {
            // Another thread of this process has it.
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        throw new CorpusException(
                "'"
                        + folder
                        + "' is being written by another ingest; wait for its end or stop it, or"
                        + " name another folder");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
