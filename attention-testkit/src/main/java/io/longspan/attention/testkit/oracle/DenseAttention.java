package io.longspan.attention.testkit.oracle;

/**
 * The softmax attention of every textbook, where each token sees each: what windows that cover the
 * sequence have to give. Float64, one sequence, no roles.
 */
public final class DenseAttention {
    private DenseAttention() {}

    /**
     * The output, [length, heads, headSize].
     *
     * @param query [length, heads, headSize], as are key and value
     */
    public static double[] output(
            float[] query, float[] key, float[] value, int length, int heads, double scale) {
        int headSize = query.length / (length * heads);
        double[] output = new double[query.length];
        for (int i = 0; i < length; i++) {
            for (int h = 0; h < heads; h++) {
                int row = (i * heads + h) * headSize;
                double sum = 0;
                for (int j = 0; j < length; j++) {
                    int column = (j * heads + h) * headSize;
                    double dot = 0;
                    for (int d = 0; d < headSize; d++) {
                        dot += (double) query[row + d] * key[column + d];
                    }
                    double weight = Math.exp(dot * scale);
                    sum += weight;
                    for (int d = 0; d < headSize; d++) {
                        output[row + d] += weight * value[column + d];
                    }
                }
                for (int d = 0; d < headSize; d++) {
                    output[row + d] /= sum;
                }
            }
        }
        return output;
    }
}
