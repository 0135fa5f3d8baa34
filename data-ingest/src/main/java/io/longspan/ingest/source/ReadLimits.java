package io.longspan.ingest.source;

import java.nio.charset.Charset;
import java.util.Optional;

/**
 * What protects the machine from a source, and how its text is decoded.
 *
 * @param longestDocument bytes of a document; longer ones are records without text
 * @param fallback encoding of what has no byte order mark and is not UTF-8; without one it is a
 *     record without text
 */
public record ReadLimits(long longestDocument, Optional<Charset> fallback) {
    /**
     * A file may unpack to this many times its size. Text packs to a fifth, at best a thirtieth.
     */
    static final long LARGEST_RATIO = 200;

    /** Below this the ratio is not looked at. */
    static final long RATIO_FROM_BYTES = 16L << 20;

    /** Entries of one archive. */
    static final long MOST_ENTRIES = 10_000_000;

    /** Objects and lists in one another, in a row of JSON. */
    static final int DEEPEST_JSON = 64;

    /** A row has other members beside the text, and signs are escaped by up to six. */
    long longestRow() {
        return Math.min(6 * longestDocument + (1 << 20), Integer.MAX_VALUE - 64);
    }
}
