package io.longspan.corpus;

/**
 * Where things stand in an index file: magic, version (u64), type code (u8), S sequences (u64), D
 * entries of the document index (u64), then the lengths i32[S], the byte offsets i64[S] and the
 * document index i64[D]. Little-endian. Source: {@code indexed_dataset.py} of Megatron-LM.
 */
final class IndexLayout {
    static final long VERSION = 1;
    static final long VERSION_AT = 9;
    static final long TYPE_AT = 17;
    static final long SEQUENCES_AT = 18;
    static final long DOCUMENTS_AT = 26;
    static final int HEADER_BYTES = 34;

    private static final byte[] MAGIC = {'M', 'M', 'I', 'D', 'I', 'D', 'X', 0, 0};

    private IndexLayout() {}

    /** The first nine bytes. */
    static byte[] magic() {
        return MAGIC.clone();
    }

    static long lengthsAt() {
        return HEADER_BYTES;
    }

    static long offsetsAt(long sequences) {
        return lengthsAt() + sequences * Integer.BYTES;
    }

    static long documentsAt(long sequences) {
        return offsetsAt(sequences) + sequences * Long.BYTES;
    }

    static long size(long sequences, long entries) {
        return documentsAt(sequences) + entries * Long.BYTES;
    }
}
