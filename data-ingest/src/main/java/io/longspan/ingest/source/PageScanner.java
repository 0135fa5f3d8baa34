package io.longspan.ingest.source;

import io.longspan.corpus.CorpusException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Cuts {@code <page>} elements out of a dump, byte by byte, so that a page that is broken costs one
 * page, a part of a dump can be read without its beginning, and no parser holds more than a page.
 */
final class PageScanner {
    private static final byte[] START = "<page>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "</page>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DOCTYPE = "<!DOCTYPE".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final String path;
    private final long longest;
    private final long until;
    private final byte[] block = new byte[1 << 16];
    private final ByteArrayOutputStream page = new ByteArrayOutputStream();
    private int at;
    private int filled;
    private long offset;
    private long start;
    private long length;

    /**
     * @param longest bytes above which only the length of a page is kept
     * @param until byte from which on a page that begins is somebody else's
     */
    PageScanner(InputStream in, String path, long longest, long until) {
        this.in = in;
        this.path = path;
        this.longest = longest;
        this.until = until;
    }

    /**
     * Goes to the next page; says no at the end.
     *
     * @throws EOFException when a page does not end
     * @throws CorpusException when the dump declares a document type, as no dump does: it could
     *     define entities that unfold without end
     */
    boolean next() throws IOException {
        page.reset();
        int begun = 0;
        int type = 0;
        while (true) {
            int found = read();
            if (found < 0) {
                return false;
            }
            begun = step(START, begun, found);
            if (offset - begun >= until) {
                return false;
            }
            type = step(DOCTYPE, type, found);
            if (type == DOCTYPE.length) {
                throw new CorpusException(
                        "'"
                                + path
                                + "' declares a document type, which may define entities without"
                                + " end; dumps of Wikipedia have none, so take it out of the source");
            }
            if (begun == START.length) {
                start = offset - START.length;
                break;
            }
        }
        page.write(START, 0, START.length);
        length = START.length;
        int ended = 0;
        while (ended < END.length) {
            int from = at;
            while (at < filled && ended < END.length) {
                ended = step(END, ended, block[at++]);
            }
            keep(from);
            if (ended < END.length && !fill()) {
                throw new EOFException("the file ends inside a page");
            }
        }
        return true;
    }

    private static int step(byte[] wanted, int matched, int found) {
        // The first sign occurs nowhere else in the patterns.
        return found == wanted[matched] ? matched + 1 : found == wanted[0] ? 1 : 0;
    }

    private void keep(int from) {
        int count = at - from;
        offset += count;
        length += count;
        if (length <= longest) {
            page.write(block, from, count);
        }
    }

    private int read() throws IOException {
        if (at == filled && !fill()) {
            return -1;
        }
        offset++;
        return block[at++] & 0xFF;
    }

    private boolean fill() throws IOException {
        at = 0;
        do {
            // A stream that recodes may give nothing for once.
            filled = in.read(block, 0, block.length);
        } while (filled == 0);
        filled = Math.max(0, filled);
        return filled > 0;
    }

    /** Where the page begins, in bytes from where this began. */
    long start() {
        return start;
    }

    boolean tooLong() {
        return length > longest;
    }

    byte[] bytes() {
        return page.toByteArray();
    }
}
