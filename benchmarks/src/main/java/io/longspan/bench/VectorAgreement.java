package io.longspan.bench;

import java.util.Arrays;

/** How alike two lists of vectors are. In double precision. */
final class VectorAgreement {
    private final double[] cosines;
    private final double relativeError;
    private final double largestDifference;

    /**
     * Compares.
     *
     * @param expected [T, N]
     * @param found [T, N]
     * @param offset [N], taken from both first
     */
    VectorAgreement(float[] expected, float[] found, float[] offset) {
        int width = offset.length;
        cosines = new double[expected.length / width];
        double off = 0;
        double size = 0;
        double largest = 0;
        for (int t = 0; t < cosines.length; t++) {
            double aa = 0;
            double bb = 0;
            double ab = 0;
            for (int i = 0; i < width; i++) {
                double a = (double) expected[t * width + i] - offset[i];
                double b = (double) found[t * width + i] - offset[i];
                aa += a * a;
                bb += b * b;
                ab += a * b;
                off += (a - b) * (a - b);
                largest = Math.max(largest, Math.abs(a - b));
            }
            size += aa;
            cosines[t] = ab / Math.sqrt(Math.max(aa * bb, Double.MIN_NORMAL));
        }
        Arrays.sort(cosines);
        relativeError = Math.sqrt(off / size);
        largestDifference = largest;
    }

    double relativeError() {
        return relativeError;
    }

    double largestDifference() {
        return largestDifference;
    }

    double meanCosine() {
        return Arrays.stream(cosines).average().orElse(Double.NaN);
    }

    /** The cosine below which one vector in a hundred lies. */
    double firstPercentile() {
        return cosines[cosines.length / 100];
    }

    /** Share of equal numbers. */
    static double share(int[] expected, int[] found) {
        int same = 0;
        for (int i = 0; i < expected.length; i++) {
            same += expected[i] == found[i] ? 1 : 0;
        }
        return (double) same / expected.length;
    }
}
