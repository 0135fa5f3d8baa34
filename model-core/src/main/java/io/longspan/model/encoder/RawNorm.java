package io.longspan.model.encoder;

import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Layer normalisation of rows in raw memory, one pass over memory per row. A row's bits depend on
 * that row alone: sums run in parts, in a fixed order. Threads may share it.
 */
final class RawNorm {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int PARTS = 64;

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
        float[] parts = new float[PARTS];
        float mean = sum(line, n, parts) / n;
        float inverse = (float) (1 / Math.sqrt(squares(line, n, mean, parts) / n + epsilon));
        for (int i = 0; i < n; i++) {
            line[i] = line[i] * inverse * gain[i] + bias[i];
        }
    }

    /** Loops over parts become vectors, which one running sum does not. */
    private static float sum(float[] line, int n, float[] parts) {
        Arrays.fill(parts, 0);
        int i = 0;
        for (; i + PARTS <= n; i += PARTS) {
            for (int part = 0; part < PARTS; part++) {
                parts[part] += line[i + part];
            }
        }
        for (; i < n; i++) {
            parts[i % PARTS] += line[i];
        }
        return folded(parts);
    }

    /** Takes the mean off a row and gives the sum of its squares. */
    private static float squares(float[] line, int n, float mean, float[] parts) {
        Arrays.fill(parts, 0);
        int i = 0;
        for (; i + PARTS <= n; i += PARTS) {
            for (int part = 0; part < PARTS; part++) {
                float apart = line[i + part] - mean;
                line[i + part] = apart;
                parts[part] += apart * apart;
            }
        }
        for (; i < n; i++) {
            float apart = line[i] - mean;
            line[i] = apart;
            parts[i % PARTS] += apart * apart;
        }
        return folded(parts);
    }

    private static float folded(float[] parts) {
        for (int half = PARTS / 2; half > 0; half /= 2) {
            for (int part = 0; part < half; part++) {
                parts[part] += parts[part + half];
            }
        }
        return parts[0];
    }
}
