package io.longspan.model.session;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Pools hidden states on the host in double precision and in the order of the tokens, so that a
 * text's vector does not depend on what else is in its batch.
 */
final class MeanState {
    private MeanState() {}

    /**
     * The mean of some rows.
     *
     * @param states float32, rows of {@code width}
     * @param begin first row
     * @param end row after the last, more than {@code begin}
     * @param normalize whether the result is divided by its Euclidean length, unless that is 0
     * @throws IllegalStateException when the states are not numbers
     */
    static float[] of(MemorySegment states, int begin, int end, int width, boolean normalize) {
        double[] sum = new double[width];
        for (int row = begin; row < end; row++) {
            for (int i = 0; i < width; i++) {
                sum[i] += states.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * width + i);
            }
        }
        double square = 0;
        for (double value : sum) {
            square += value * value;
        }
        if (!Double.isFinite(square)) {
            throw new IllegalStateException(
                    "the model's states are not numbers; its weights are broken");
        }
        double divisor = normalize && square > 0 ? Math.sqrt(square) : end - begin;
        float[] mean = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (sum[i] / divisor);
        }
        return mean;
    }
}
