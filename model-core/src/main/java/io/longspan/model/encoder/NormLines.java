package io.longspan.model.encoder;

import io.longspan.model.tensor.TensorBridge;

/**
 * Layer normalisation of lines and its way back. The weights are those of the moment it was made.
 * Threads may share it.
 */
final class NormLines {
    private final float[] gain;
    private final float[] bias;
    private final float epsilon;

    NormLines(Norm norm) {
        gain = TensorBridge.floats(norm.gain());
        bias = TensorBridge.floats(norm.bias());
        epsilon = norm.epsilon();
    }

    /** N, the numbers of a line. */
    int width() {
        return gain.length;
    }

    /**
     * Normalises.
     *
     * @param x [N]
     * @param y [N], receives the result; may be the same line
     */
    void apply(float[] x, float[] y) {
        int n = gain.length;
        centred(x, y);
        float inverse = inverse(y);
        for (int i = 0; i < n; i++) {
            y[i] = y[i] * inverse * gain[i] + bias[i];
        }
    }

    /**
     * Goes back.
     *
     * @param x [N], as {@link #apply} had it; becomes what the gain was multiplied by
     * @param dy [N], gradient of the result; becomes that of {@code x}
     * @param gains [N], the gradient of the gain is added
     * @param biases [N], the gradient of the bias is added
     */
    void back(float[] x, float[] dy, float[] gains, float[] biases) {
        int n = gain.length;
        centred(x, x);
        float inverse = inverse(x);
        for (int i = 0; i < n; i++) {
            x[i] *= inverse;
            gains[i] += dy[i] * x[i];
            biases[i] += dy[i];
            dy[i] *= gain[i];
        }
        float mean = LineSums.sum(dy, n) / n;
        float along = LineSums.products(dy, x, n) / n;
        for (int i = 0; i < n; i++) {
            dy[i] = inverse * (dy[i] - mean - x[i] * along);
        }
    }

    private void centred(float[] x, float[] y) {
        int n = gain.length;
        float mean = LineSums.sum(x, n) / n;
        for (int i = 0; i < n; i++) {
            y[i] = x[i] - mean;
        }
    }

    private float inverse(float[] centred) {
        int n = gain.length;
        return (float) (1 / Math.sqrt(LineSums.products(centred, centred, n) / n + epsilon));
    }
}
