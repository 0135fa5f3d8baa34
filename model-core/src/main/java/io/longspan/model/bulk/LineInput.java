package io.longspan.model.bulk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines of a stream as bytes, without their ends; of a line that is too long only that it is. */
final class LineInput {
    private final InputStream in;
    private final int longest;
    private final byte[] block = new byte[1 << 16];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int at;
    private int filled;
    private boolean tooLong;

    LineInput(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** Goes to the next line; says no at the end. */
    boolean next() throws IOException {
        line.reset();
        tooLong = false;
        boolean any = false;
        while (true) {
            if (at == filled) {
                at = 0;
                filled = Math.max(0, in.read(block));
                if (filled == 0) {
                    return any;
                }
            }
            any = true;
            int end = at;
            while (end < filled && block[end] != '\n') {
                end++;
            }
            tooLong |= (long) line.size() + end - at > longest;
            if (!tooLong) {
                line.write(block, at, end - at);
            }
            at = Math.min(end + 1, filled);
            if (end < filled) {
                return true;
            }
        }
    }

    boolean tooLong() {
        return tooLong;
    }

    byte[] bytes() {
        return line.toByteArray();
    }
}
