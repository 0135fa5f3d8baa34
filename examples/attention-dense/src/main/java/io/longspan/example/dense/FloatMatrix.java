package io.longspan.example.dense;

import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A float32 tensor of two dimensions in host memory. */
final class FloatMatrix {
    private final MemorySegment memory;
    private final long rowStride;

    FloatMatrix(TensorView view) {
        memory = view.segment();
        rowStride = view.stride(0);
    }

    float get(int row, int column) {
        return memory.getAtIndex(ValueLayout.JAVA_FLOAT, row * rowStride + column);
    }

    void set(int row, int column, float element) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, row * rowStride + column, element);
    }
}
