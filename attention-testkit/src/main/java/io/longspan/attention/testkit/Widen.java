package io.longspan.attention.testkit;

/** Float32 numbers as the expected float64 ones of a comparison. */
final class Widen {
    private Widen() {}

    static double[] all(float[] narrow) {
        double[] wide = new double[narrow.length];
        for (int i = 0; i < narrow.length; i++) {
            wide[i] = narrow[i];
        }
        return wide;
    }
}
