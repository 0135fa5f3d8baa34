package io.longspan.model.session;

/** Scores turned into probabilities, in double precision. */
final class Shares {
    private Shares() {}

    /** Softmax of {@code count} scores from an index on. */
    static float[] softmax(float[] scores, int from, int count) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, scores[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(scores[from + i] - highest);
        }
        float[] shares = new float[count];
        for (int i = 0; i < count; i++) {
            shares[i] = (float) (Math.exp(scores[from + i] - highest) / sum);
        }
        return shares;
    }

    /** Sigmoids of {@code count} scores from an index on. */
    static float[] sigmoids(float[] scores, int from, int count) {
        float[] shares = new float[count];
        for (int i = 0; i < count; i++) {
            shares[i] = (float) (1 / (1 + Math.exp(-(double) scores[from + i])));
        }
        return shares;
    }
}
