package io.longspan.ingest.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Bytes of a file from one offset up to another; counts them, and may digest them. */
final class RawInput extends InputStream {
    private final FileChannel channel;
    private final long end;
    private final @Nullable MessageDigest digest;
    private final byte[] one = new byte[1];
    private final long from;
    private long at;

    RawInput(Path file, long from, long end, @Nullable MessageDigest digest) throws IOException {
        this.from = from;
        this.at = from;
        this.end = end;
        this.digest = digest;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (IOException e) {
            throw new DiskException(e);
        }
    }

    /** The disk refused, as opposed to: what it gave is no good. */
    static final class DiskException extends IOException {
        private static final long serialVersionUID = 1;

        DiskException(IOException cause) {
            super(cause.toString(), cause);
        }
    }

    /** Bytes given out. */
    long count() {
        return at - from;
    }

    @Override
    public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at >= end) {
            return -1;
        }
        int got;
        try {
            got = channel.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, end - at)), at);
        } catch (IOException e) {
            throw new DiskException(e);
        }
        if (got > 0) {
            at += got;
            if (digest != null) {
                digest.update(into, offset, got);
            }
        }
        return got;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - at);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
