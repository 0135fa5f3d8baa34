package io.longspan.ingest.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/**
 * Finds where bzip2 streams begin in a file that is read through anyway. A stream begins at a whole
 * byte with ten bytes that say so: four of the stream, six of its first block. A dump's own index
 * says the same, and is not needed.
 */
public final class StreamStarts {
    private static final int[] SIGNATURE = {'B', 'Z', 'h', -1, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59};

    private static final int HEAD = 64;

    private final List<Long> starts = new ArrayList<>();
    private int matched;
    private long at;

    /** Takes the next bytes of the file. */
    public void look(byte[] block, int length) {
        for (int i = 0; i < length; i++) {
            int found = block[i] & 0xFF;
            boolean fits =
                    matched == 3 ? found >= '1' && found <= '9' : found == SIGNATURE[matched];
            // The first sign occurs nowhere else in the signature.
            matched = fits ? matched + 1 : found == SIGNATURE[0] ? 1 : 0;
            if (matched == SIGNATURE.length) {
                starts.add(at + i + 1 - SIGNATURE.length);
                matched = 0;
            }
        }
        at += length;
    }

    /**
     * Whether a stream begins with a page. Those of a multistream dump do; a dump that was packed
     * in parallel has streams that begin anywhere, and a page may go over the border of two.
     */
    static boolean page(SourceFile file, long start) {
        try (RawInput raw = new RawInput(file.location(), start, file.bytes(), null);
                InputStream in =
                        new BZip2CompressorInputStream(new BufferedInputStream(raw), false)) {
            return new String(in.readNBytes(HEAD), StandardCharsets.US_ASCII)
                    .stripLeading()
                    .startsWith("<page>");
        } catch (IOException _) {
            // Damaged, and no place to divide the file at; whoever reads it says so.
            return false;
        }
    }

    /** What was found, in order. */
    public List<Long> found() {
        return List.copyOf(starts);
    }
}
