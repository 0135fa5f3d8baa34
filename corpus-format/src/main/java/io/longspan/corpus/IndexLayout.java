package io.longspan.corpus;

import java.nio.ByteBuffer;

/**
 * Megatron's index with one sequence for each document: magic, version, element code, number of
 * sequences S and of document borders D = S + 1; then int32[S] lengths, int64[S] byte positions and
 * int64[D] borders, all little-endian.
 */
final class IndexLayout {
    private static final byte[] MAGIC = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0};
    static final long VERSION = 1;
    static final int VERSION_AT = MAGIC.length;
    static final int CODE_AT = VERSION_AT + Long.BYTES;
    static final int SEQUENCES_AT = CODE_AT + 1;
    static final int BORDERS_AT = SEQUENCES_AT + Long.BYTES;
    static final int HEADER = BORDERS_AT + Long.BYTES;

    private IndexLayout() {}

    static byte[] magic() {
        return MAGIC.clone();
    }

    /** Bytes of an index. */
    static long size(long documents) {
        return HEADER + documents * (Integer.BYTES + Long.BYTES) + (documents + 1) * Long.BYTES;
    }

    static long positionsAt(long documents) {
        return HEADER + documents * Integer.BYTES;
    }

    static long bordersAt(long documents) {
        return positionsAt(documents) + documents * Long.BYTES;
    }

    /** A header, ready to be read; the buffer's order is little-endian already. */
    static void putHeader(ByteBuffer to, TokenType type, long documents) {
        to.put(MAGIC).putLong(VERSION).put(type.code()).putLong(documents).putLong(documents + 1);
    }
}
