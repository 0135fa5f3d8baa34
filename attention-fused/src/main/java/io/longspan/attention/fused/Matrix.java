package io.longspan.attention.fused;

import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A tensor of the caller's, [rows, H, D] or [rows, H], by byte offsets; reads and writes in place.
 */
final class Matrix {
    private final MemorySegment memory;
    private final long rowBytes;
    private final long headBytes;

    Matrix(TensorView view) {
        memory = view.segment();
        rowBytes = view.stride(0) * Float.BYTES;
        headBytes = view.stride(1) * Float.BYTES;
    }

    MemorySegment memory() {
        return memory;
    }

    /** Where a row of a head begins, for native code. */
    long address(int row, int head) {
        return memory.address() + offset(row, head);
    }

    /** Writes a number of [rows, H]. */
    void put(int row, int head, float value) {
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset(row, head), value);
    }

    long offset(int row, int head) {
        return row * rowBytes + head * headBytes;
    }

    /** Offset of the first component that a chunk of a row holds. */
    long offset(int row, int head, int chunk) {
        return offset(row, head) + (long) chunk * Tile.SIZE * Float.BYTES;
    }
}
