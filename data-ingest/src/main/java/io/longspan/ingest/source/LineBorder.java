package io.longspan.ingest.source;

import java.io.IOException;

/** Where lines begin, so that a range of bytes becomes a range of whole lines. */
final class LineBorder {
    private LineBorder() {}

    /**
     * The first byte from {@code offset} on with which a line begins; the end when there is none.
     */
    static long from(SourceFile file, long offset) throws IOException {
        if (offset <= 0) {
            return 0;
        }
        byte[] block = new byte[1 << 16];
        long at = offset - 1;
        try (RawInput in = new RawInput(file.location(), at, file.bytes(), null)) {
            for (int read = in.read(block, 0, block.length);
                    read > 0;
                    read = in.read(block, 0, block.length)) {
                for (int i = 0; i < read; i++) {
                    if (block[i] == '\n') {
                        return at + i + 1;
                    }
                }
                at += read;
            }
        }
        return file.bytes();
    }
}
