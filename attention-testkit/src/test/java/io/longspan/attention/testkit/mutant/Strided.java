package io.longspan.attention.testkit.mutant;

import io.longspan.attention.TensorView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads and writes one float32 view of rank 2 or 3 by row, head and component. */
final class Strided {
    private final MemorySegment memory;
    private final long rowStride;
    private final long headStride;
    private final long elements;

    Strided(TensorView view, boolean asIfDense) {
        memory = view.segment();
        elements = view.elements();
        boolean three = view.rank() == 3;
        long inner = three ? view.size(2) : 1;
        rowStride = asIfDense ? view.size(1) * inner : view.stride(0);
        headStride = asIfDense ? inner : three ? view.stride(1) : 1;
    }

    double get(int row, int head, int component) {
        return memory.getAtIndex(ValueLayout.JAVA_FLOAT, at(row, head, component));
    }

    void set(int row, int head, int component, double number) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, at(row, head, component), (float) number);
    }

    /** Writes one element after the last. */
    void overrun() {
        memory.reinterpret((elements + 1) * Float.BYTES)
                .setAtIndex(ValueLayout.JAVA_FLOAT, elements, 0);
    }

    private long at(int row, int head, int component) {
        return row * rowStride + head * headStride + component;
    }
}
