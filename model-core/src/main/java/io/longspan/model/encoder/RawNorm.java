package io.longspan.model.encoder;

import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Layer normalisation of rows in raw memory, one pass over memory per row. A row's bits depend on
 * that row alone: sums run in eight parts, in a fixed order. Threads may share it.
 */
final class RawNorm {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int PARTS = 8;

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
        float mean = sum(line, n) / n;
        for (int i = 0; i < n; i++) {
            line[i] -= mean;
        }
        float inverse = (float) (1 / Math.sqrt(squares(line, n) / n + epsilon));
        for (int i = 0; i < n; i++) {
            line[i] = line[i] * inverse * gain[i] + bias[i];
        }
    }

    private static float sum(float[] line, int n) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = 0;
        for (; i + PARTS <= n; i += PARTS) {
            a += line[i];
            b += line[i + 1];
            c += line[i + 2];
            d += line[i + 3];
            e += line[i + 4];
            f += line[i + 5];
            g += line[i + 6];
            h += line[i + 7];
        }
        for (; i < n; i++) {
            a += line[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    private static float squares(float[] line, int n) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        float e = 0;
        float f = 0;
        float g = 0;
        float h = 0;
        int i = 0;
        for (; i + PARTS <= n; i += PARTS) {
            a += line[i] * line[i];
            b += line[i + 1] * line[i + 1];
            c += line[i + 2] * line[i + 2];
            d += line[i + 3] * line[i + 3];
            e += line[i + 4] * line[i + 4];
            f += line[i + 5] * line[i + 5];
            g += line[i + 6] * line[i + 6];
            h += line[i + 7] * line[i + 7];
        }
        for (; i < n; i++) {
            a += line[i] * line[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }
}
