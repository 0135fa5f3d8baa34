package io.longspan.attention.cuda;

import io.longspan.attention.TensorView;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies between a strided host tensor [rows, heads, ...] and dense row-major memory. */
final class DenseCopy {
    private DenseCopy() {}

    /** The tensor's own memory when it is dense, else a copy in the arena. */
    static MemorySegment of(TensorView view, Arena arena) {
        if (view.isContiguous()) {
            return view.segment();
        }
        MemorySegment dense = arena.allocate(view.elements() * view.type().bytes(), Long.BYTES);
        copy(view, dense, false);
        return dense;
    }

    /** Spreads dense rows over a strided tensor; what lies between its rows stays. */
    static void into(MemorySegment dense, TensorView view) {
        copy(view, dense, true);
    }

    private static void copy(TensorView view, MemorySegment dense, boolean spread) {
        MemorySegment strided = view.segment();
        long size = view.type().bytes();
        long piece = (view.rank() == 3 ? view.size(2) : 1) * size;
        for (long row = 0; row < view.size(0); row++) {
            for (long head = 0; head < view.size(1); head++) {
                long there = (row * view.stride(0) + head * view.stride(1)) * size;
                long here = (row * view.size(1) + head) * piece;
                if (spread) {
                    MemorySegment.copy(dense, here, strided, there, piece);
                } else {
                    MemorySegment.copy(strided, there, dense, here, piece);
                }
            }
        }
    }
}
