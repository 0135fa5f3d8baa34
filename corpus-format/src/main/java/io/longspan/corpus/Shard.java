package io.longspan.corpus;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A shard, memory-mapped for as long as an arena lives. Thread-safe. */
final class Shard {
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment index;
    private final MemorySegment tokens;
    private final TokenType type;
    private final long documents;

    private Shard(MemorySegment index, MemorySegment tokens, TokenType type, long documents) {
        this.index = index;
        this.tokens = tokens;
        this.type = type;
        this.documents = documents;
    }

    /**
     * Maps a pair of files and checks the index's header and the sizes.
     *
     * @throws CorpusException naming the file and what is wrong with it
     */
    static Shard open(Path idx, Path bin, Arena arena) {
        MemorySegment index = map(idx, arena);
        byte[] magic = IndexLayout.magic();
        if (index.byteSize() < IndexLayout.HEADER
                || !Arrays.equals(
                        index.asSlice(0, magic.length).toArray(ValueLayout.JAVA_BYTE), magic)
                || index.get(LONG, IndexLayout.VERSION_AT) != IndexLayout.VERSION) {
            throw damaged(idx, "does not begin as an index of version 1 does");
        }
        int code = index.get(ValueLayout.JAVA_BYTE, IndexLayout.CODE_AT);
        TokenType type =
                TokenType.ofCode(code)
                        .orElseThrow(() ->
                                damaged(
                                        idx,
                                        "has element code "
                                                + code
                                                + ", where 8 (uint16) or 4 (int32) was"
                                                + " expected"));
        long documents = index.get(LONG, IndexLayout.SEQUENCES_AT);
        long borders = index.get(LONG, IndexLayout.BORDERS_AT);
        if (documents < 0
                || documents > index.byteSize()
                || borders != documents + 1
                || index.byteSize() != IndexLayout.size(documents)) {
            throw damaged(
                    idx,
                    "has "
                            + index.byteSize()
                            + " bytes and says "
                            + documents
                            + " sequences in "
                            + (borders - 1)
                            + " documents; one sequence for each document was expected");
        }
        Shard shard = new Shard(index, map(bin, arena), type, documents);
        long wanted =
                documents == 0
                        ? 0
                        : shard.position(documents - 1)
                                + (long) shard.length(documents - 1) * type.bytes();
        if (shard.tokens.byteSize() != wanted) {
            throw damaged(
                    bin,
                    "has " + shard.tokens.byteSize() + " bytes, and its index ends at " + wanted);
        }
        return shard;
    }

    static CorpusException damaged(Path file, String problem) {
        return new CorpusException(
                "'"
                        + file
                        + "' "
                        + problem
                        + "; it is damaged or was not written here, so"
                        + " build the data set again");
    }

    private static MemorySegment map(Path file, Arena arena) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new CorpusException(
                    "'" + file + "' cannot be read (" + e + "); check that the data set is whole",
                    e);
        }
    }

    TokenType type() {
        return type;
    }

    long documents() {
        return documents;
    }

    long tokens() {
        return tokens.byteSize() / type.bytes();
    }

    /** Tokens of a document, its separator included. */
    int length(long document) {
        return index.get(INT, IndexLayout.HEADER + document * Integer.BYTES);
    }

    /** First byte of a document. */
    long position(long document) {
        return index.get(LONG, IndexLayout.positionsAt(documents) + document * Long.BYTES);
    }

    /** First sequence of a document; of the number of documents, the number of sequences. */
    long border(long document) {
        return index.get(LONG, IndexLayout.bordersAt(documents) + document * Long.BYTES);
    }

    void read(long token, int[] into, int at, int count) {
        type.read(tokens, token, into, at, count);
    }
}
