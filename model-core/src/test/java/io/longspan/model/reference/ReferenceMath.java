package io.longspan.model.reference;

import java.util.Map;

/** Layers of a network on single rows, weights by canonical name. */
record ReferenceMath(Map<String, double[]> weights, double epsilon) {
    /** {@code x Wt + b}. */
    double[] linear(String name, double[] row) {
        double[] weight = weights.get(name + ".weight");
        double[] bias = weights.get(name + ".bias");
        double[] out = bias.clone();
        for (int o = 0; o < out.length; o++) {
            for (int i = 0; i < row.length; i++) {
                out[o] += weight[o * row.length + i] * row[i];
            }
        }
        return out;
    }

    double[][] linear(String name, double[][] rows) {
        double[][] out = new double[rows.length][];
        for (int t = 0; t < rows.length; t++) {
            out[t] = linear(name, rows[t]);
        }
        return out;
    }

    double[] norm(String name, double[] row) {
        double mean = 0;
        for (double x : row) {
            mean += x / row.length;
        }
        double variance = 0;
        for (double x : row) {
            variance += (x - mean) * (x - mean) / row.length;
        }
        double[] gain = weights.get(name + ".weight");
        double[] bias = weights.get(name + ".bias");
        double[] out = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            out[i] = (row[i] - mean) / Math.sqrt(variance + epsilon) * gain[i] + bias[i];
        }
        return out;
    }

    double[] tableRow(String name, long row, int width) {
        double[] out = new double[width];
        System.arraycopy(weights.get(name), (int) row * width, out, 0, width);
        return out;
    }

    static double[] sum(double[] left, double[] right) {
        double[] out = new double[left.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = left[i] + right[i];
        }
        return out;
    }

    static double[] gelu(double[] row) {
        double[] out = new double[row.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = row[i] * (1 + erf(row[i] / Math.sqrt(2))) / 2;
        }
        return out;
    }

    /** By its power series, or by the continued fraction of what is left to 1. */
    static double erf(double x) {
        double size = Math.abs(x);
        if (size < 2.5) {
            double term = size;
            double sum = size;
            for (int n = 1; n < 80; n++) {
                term *= -size * size / n;
                sum += term / (2 * n + 1);
            }
            return Math.signum(x) * 2 / Math.sqrt(Math.PI) * sum;
        }
        double fraction = size;
        for (int n = 80; n >= 1; n--) {
            fraction = size + n / 2.0 / fraction;
        }
        return Math.signum(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / fraction);
    }
}
