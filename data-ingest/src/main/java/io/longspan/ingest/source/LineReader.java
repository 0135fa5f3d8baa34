package io.longspan.ingest.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines as bytes, without their ends; of a line that is too long only the length is kept. */
final class LineReader {
    private final InputStream in;
    private final long longest;
    private final byte[] block = new byte[1 << 16];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int at;
    private int filled;
    private long offset;
    private long start;
    private long length;

    LineReader(InputStream in, long longest) {
        this.in = in;
        this.longest = longest;
    }

    /** Goes to the next line; says no at the end. */
    boolean next() throws IOException {
        line.reset();
        length = 0;
        start = offset;
        boolean any = false;
        while (true) {
            if (at == filled) {
                filled = in.read(block, 0, block.length);
                at = 0;
                if (filled <= 0) {
                    filled = 0;
                    return any;
                }
            }
            any = true;
            int end = at;
            while (end < filled && block[end] != '\n') {
                end++;
            }
            length += end - at;
            if (length <= longest) {
                line.write(block, at, end - at);
            }
            offset += end - at;
            at = end;
            if (end < filled) {
                at++;
                offset++;
                return true;
            }
        }
    }

    /** Where the line begins, in bytes from where this began. */
    long start() {
        return start;
    }

    boolean tooLong() {
        return length > longest;
    }

    /** The line, without a carriage return at its end; a byte order mark is the first line's. */
    byte[] bytes() {
        byte[] found = line.toByteArray();
        int to = found.length > 0 && found[found.length - 1] == '\r' ? found.length - 1 : -1;
        boolean mark =
                start == 0
                        && found.length >= 3
                        && found[0] == (byte) 0xEF
                        && found[1] == (byte) 0xBB
                        && found[2] == (byte) 0xBF;
        if (to < 0 && !mark) {
            return found;
        }
        return Arrays.copyOfRange(found, mark ? 3 : 0, to < 0 ? found.length : to);
    }
}
