package io.longspan.attention.fused;

import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;

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

    long offset(int row, int head) {
        return row * rowBytes + head * headBytes;
    }

    /** Offset of the first component that a chunk of a row holds. */
    long offset(int row, int head, int chunk) {
        return offset(row, head) + (long) chunk * Tile.SIZE * Float.BYTES;
    }
}
