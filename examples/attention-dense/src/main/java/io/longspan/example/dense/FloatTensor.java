package io.longspan.example.dense;

import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A float32 tensor of three dimensions in host memory: [rows, H, D]. */
final class FloatTensor {
    private final MemorySegment memory;
    private final long rowStride;
    private final long headStride;

    FloatTensor(TensorView view) {
        memory = view.segment();
        rowStride = view.stride(0);
        headStride = view.stride(1);
    }

    float get(int row, int head, int d) {
        return memory.getAtIndex(ValueLayout.JAVA_FLOAT, at(row, head, d));
    }

    void set(int row, int head, int d, float element) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, at(row, head, d), element);
    }

    void add(int row, int head, int d, float term) {
        set(row, head, d, get(row, head, d) + term);
    }

    private long at(int row, int head, int d) {
        return row * rowStride + head * headStride + d;
    }
}
