package io.longspan.ingest.source;

import io.longspan.corpus.CorpusException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;

/** What a file unpacks to; refused when it is out of proportion to what was read for it. */
final class GuardedInput extends FilterInputStream {
    private final RawInput raw;
    private final Path file;
    private long unpacked;

    GuardedInput(InputStream in, RawInput raw, Path file) {
        super(in);
        this.raw = raw;
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        int found = in.read();
        count(found < 0 ? 0 : 1);
        return found;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int found = in.read(into, offset, length);
        count(Math.max(0, found));
        return found;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = in.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long bytes) {
        unpacked += bytes;
        if (unpacked > ReadLimits.RATIO_FROM_BYTES
                && unpacked / ReadLimits.LARGEST_RATIO > raw.count()) {
            throw new CorpusException(
                    String.format(
                            Locale.ROOT,
                            "'%s' unpacks %d bytes to more than %d, over %d times as much, as text"
                                    + " never does; take it out of the source",
                            file,
                            raw.count(),
                            unpacked,
                            ReadLimits.LARGEST_RATIO));
        }
    }
}
