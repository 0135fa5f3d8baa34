package io.longspan.model.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Layer normalisation of rows in raw memory, one pass over memory per row. A row's bits depend on
 * that row alone, as those of {@link NormLines} do. Threads may share it.
 */
final class RawNorm {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final NormLines lines;

    RawNorm(Norm norm) {
        lines = new NormLines(norm);
    }

    /**
     * Normalises rows.
     *
     * @param from float32, [.., N]
     * @param to the same size; may be the same memory
     * @param first row
     * @param last row, exclusive
     * @param line a row to work in, [N]
     */
    void apply(MemorySegment from, MemorySegment to, long first, long last, float[] line) {
        int n = lines.width();
        for (long row = first; row < last; row++) {
            long at = row * n * Float.BYTES;
            MemorySegment.copy(from, FLOAT, at, line, 0, n);
            apply(line);
            MemorySegment.copy(line, 0, to, FLOAT, at, n);
        }
    }

    /** Normalises one row, [N], in place. */
    void apply(float[] line) {
        lines.apply(line, line);
    }
}
