package io.longspan.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A temporary file that is written through one small buffer, little-endian. */
final class ShardOutput implements AutoCloseable {
    static final int BUFFER_BYTES = 1 << 16;

    private final Path file;
    private final Path temporary;
    private final FileChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    ShardOutput(Path file) throws IOException {
        this.file = file;
        temporary = DurableFiles.temporary(file);
        channel =
                FileChannel.open(
                        temporary,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
    }

    Path temporary() {
        return temporary;
    }

    /** The buffer with room for one value of up to eight bytes. */
    ByteBuffer room() throws IOException {
        if (buffer.remaining() < Long.BYTES) {
            flush();
        }
        return buffer;
    }

    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Reads what was flushed, filling the target from a position of the file. */
    void readBack(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = channel.read(target, at);
            if (count < 0) {
                throw new IOException("'" + temporary + "' was cut off by someone else");
            }
            at += count;
        }
    }

    /** Writes over what was flushed. */
    void overwrite(ByteBuffer content, long position) throws IOException {
        long at = position;
        while (content.hasRemaining()) {
            at += channel.write(content, at);
        }
    }

    /** Forces everything to disk and closes the file; nothing can be written afterwards. */
    void finish() throws IOException {
        flush();
        channel.force(true);
        channel.close();
    }

    /** Gives the finished file its name. */
    void publish() throws IOException {
        DurableFiles.move(temporary, file);
    }

    /** Closes the file and removes what was not published. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
