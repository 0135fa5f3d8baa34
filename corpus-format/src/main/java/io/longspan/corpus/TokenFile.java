package io.longspan.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A file of little-endian numbers that is written once, front to back, with its digest. */
final class TokenFile implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final MessageDigest digest = DiskFiles.sha256();

    TokenFile(Path file) throws IOException {
        this.file = file;
        channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
    }

    Path file() {
        return file;
    }

    /** The buffer, with room for at least eight bytes. */
    ByteBuffer room() throws IOException {
        if (buffer.remaining() < Long.BYTES) {
            drain();
        }
        return buffer;
    }

    /** Tokens one after the other. */
    void write(TokenType type, int[] tokens) throws IOException {
        int done = 0;
        while (done < tokens.length) {
            int here = Math.min(tokens.length - done, room().remaining() / type.bytes());
            type.put(buffer, tokens, done, here);
            done += here;
        }
    }

    /** Writes what is left, forces it to disk and gives the digest of everything, in hex. */
    String finish() throws IOException {
        drain();
        channel.force(true);
        return DiskFiles.hex(digest);
    }

    private void drain() throws IOException {
        buffer.flip();
        digest.update(buffer.duplicate());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
