package io.longspan.corpus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes an index with one sequence per document. The lengths go to the file as they come and are
 * read back for the offsets, so that memory does not grow with the number of documents.
 */
final class IndexWriter {
    private final ShardOutput out;
    private final TokenType type;
    private long sequences;

    IndexWriter(ShardOutput out, TokenType type) throws IOException {
        this.out = out;
        this.type = type;
        // Holds the header's place until the number of sequences is known.
        out.room().put(new byte[IndexLayout.HEADER_BYTES]);
    }

    long sequences() {
        return sequences;
    }

    void add(int length) throws IOException {
        out.room().putInt(length);
        sequences++;
    }

    void finish() throws IOException {
        out.flush();
        offsets();
        for (long end = 0; end <= sequences; end++) {
            out.room().putLong(end);
        }
        out.flush();
        out.overwrite(header(), 0);
        out.finish();
    }

    private void offsets() throws IOException {
        ByteBuffer lengths =
                ByteBuffer.allocate(ShardOutput.BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long offset = 0;
        long position = IndexLayout.lengthsAt();
        long end = IndexLayout.offsetsAt(sequences);
        while (position < end) {
            lengths.clear().limit((int) Math.min(lengths.capacity(), end - position));
            out.readBack(lengths, position);
            position += lengths.flip().remaining();
            while (lengths.hasRemaining()) {
                out.room().putLong(offset);
                offset += (long) lengths.getInt() * type.bytes();
            }
        }
    }

    private ByteBuffer header() {
        return ByteBuffer.allocate(IndexLayout.HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(IndexLayout.magic())
                .putLong(IndexLayout.VERSION)
                .put((byte) type.code())
                .putLong(sequences)
                .putLong(sequences + 1)
                .flip();
    }
}
