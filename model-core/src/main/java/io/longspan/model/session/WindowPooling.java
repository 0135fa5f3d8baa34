package io.longspan.model.session;

import java.util.List;

/** How the vectors of a text's windows become one. */
public enum WindowPooling {
    /** The mean, each window weighted by its fresh tokens: no token counts twice. */
    MEAN,
    /** The largest of each number. */
    MAX;

    /**
     * Joins vectors, in double precision and in their order.
     *
     * @param vectors of the windows, all of one length; one vector is returned as it is
     * @param windows as many
     */
    public float[] join(List<float[]> vectors, List<TextWindow> windows) {
        if (vectors.size() != windows.size() || vectors.isEmpty()) {
            throw new IllegalArgumentException(
                    vectors.size() + " vectors of " + windows.size() + " windows");
        }
        return vectors.size() == 1
                ? vectors.getFirst()
                : switch (this) {
                    case MEAN -> mean(vectors, windows);
                    case MAX -> largest(vectors);
                };
    }

    private static float[] mean(List<float[]> vectors, List<TextWindow> windows) {
        double[] sum = new double[vectors.getFirst().length];
        double all = 0;
        for (int w = 0; w < windows.size(); w++) {
            double weight = windows.get(w).fresh();
            float[] vector = vectors.get(w);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight * vector[i];
            }
            all += weight;
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            mean[i] = (float) (sum[i] / all);
        }
        return mean;
    }

    private static float[] largest(List<float[]> vectors) {
        float[] largest = vectors.getFirst().clone();
        for (float[] vector : vectors) {
            for (int i = 0; i < largest.length; i++) {
                largest[i] = Math.max(largest[i], vector[i]);
            }
        }
        return largest;
    }

    /** A vector divided by its Euclidean length, unless that is 0. */
    public static float[] unit(float[] vector) {
        double square = 0;
        for (float value : vector) {
            square += (double) value * value;
        }
        double length = square > 0 ? Math.sqrt(square) : 1;
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }
}
