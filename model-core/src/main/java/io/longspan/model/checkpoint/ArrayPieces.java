package io.longspan.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** Hands over an array in little-endian pieces, so that it is never copied as a whole. */
final class ArrayPieces {
    private static final int VALUES = 1 << 18;

    private ArrayPieces() {}

    /** Copies a part of the array to the beginning of a piece. */
    @FunctionalInterface
    interface Copy {
        void to(int from, MemorySegment piece, int count);
    }

    static void give(int length, int bytesEach, Copy copy, Consumer<MemorySegment> sink) {
        int room = Math.min(VALUES, length);
        MemorySegment piece = MemorySegment.ofArray(new byte[room * bytesEach]);
        int count;
        for (int at = 0; at < length; at += count) {
            count = Math.min(room, length - at);
            copy.to(at, piece, count);
            sink.accept(piece.asSlice(0, (long) count * bytesEach));
        }
    }
}
