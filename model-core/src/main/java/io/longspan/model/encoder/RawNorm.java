package io.longspan.model.encoder;

import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Layer normalisation of rows in raw memory, one pass over memory per row. A row's bits depend on
 * that row alone, as its {@link LineSums} do. Threads may share it.
 */
final class RawNorm {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final float[] gain;
    private final float[] bias;
    private final float epsilon;

    RawNorm(Norm norm) {
        gain = TensorBridge.floats(norm.gain());
        bias = TensorBridge.floats(norm.bias());
        epsilon = norm.epsilon();
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
        int n = gain.length;
        for (long row = first; row < last; row++) {
            long at = row * n * Float.BYTES;
            MemorySegment.copy(from, FLOAT, at, line, 0, n);
            apply(line);
            MemorySegment.copy(line, 0, to, FLOAT, at, n);
        }
    }

    /** Normalises one row, [N], in place. */
    void apply(float[] line) {
        int n = gain.length;
        float mean = LineSums.sum(line, n) / n;
        for (int i = 0; i < n; i++) {
            line[i] -= mean;
        }
        float inverse = (float) (1 / Math.sqrt(LineSums.products(line, line, n) / n + epsilon));
        for (int i = 0; i < n; i++) {
            line[i] = line[i] * inverse * gain[i] + bias[i];
        }
    }
}
