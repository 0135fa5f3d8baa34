package io.longspan.model.linear;

import java.lang.foreign.MemorySegment;

/**
 * Where the output of a tile and a panel lies in the output of the layer.
 *
 * @param row first
 * @param rows count
 * @param column first
 * @param columns count
 * @param out columns of the layer
 */
record PanelPlace(long row, int rows, int column, int columns, int out) {
    /** Byte of its first number. */
    long start() {
        return (row * out + column) * Float.BYTES;
    }

    /** Copies it out of the whole to rows of their own. */
    void copyOut(MemorySegment whole, MemorySegment own, long stride) {
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(whole, at(r), own, r * stride, bytes());
        }
    }

    /** Copies it from rows of their own into the whole. */
    void copyIn(MemorySegment own, long stride, MemorySegment whole) {
        for (int r = 0; r < rows; r++) {
            MemorySegment.copy(own, r * stride, whole, at(r), bytes());
        }
    }

    private long at(int r) {
        return start() + (long) r * out * Float.BYTES;
    }

    private long bytes() {
        return (long) columns * Float.BYTES;
    }
}
