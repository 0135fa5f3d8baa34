package io.longspan.model.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.core.Linear;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Scores over the vocabulary, their cross-entropy and its gradients, some rows at a time. Runs with
 * recording off.
 *
 * @param table [V, N]
 * @param bias [V]
 */
record DecoderLoss(Parameter table, Parameter bias) {
    /**
     * Bytes of a tile of scores. glibc keeps pieces of up to 32 MiB for the next use; larger ones
     * come from the system as fresh pages each time.
     */
    private static final long TILE_BYTES = 16L << 20;

    /** Below it a float probability has lost digits, and its logarithm with them. */
    private static final float FAINT = 1e-30f;

    /** Sum of the cross-entropy of the rows, natural log. */
    double loss(NDArray features, long[] labels) {
        double sum = 0;
        int tile = tileRows();
        for (int first = 0; first < labels.length; first += tile) {
            long[] wanted =
                    Arrays.copyOfRange(labels, first, Math.min(labels.length, first + tile));
            try (NDManager scope = features.getManager().newSubManager();
                    NDArray scores = scores(scope, features, first, wanted.length);
                    NDArray shares = scores.softmax(1)) { // [tile, V]
                sum += crossEntropy(scores, shares, wanted);
            }
        }
        return sum;
    }

    /**
     * The same, and the gradients of {@code weight} times the sum: those of table and bias, where
     * they are trained, are added to what they have.
     *
     * @param features [R, N]
     * @param gradient [R, N], receives the gradient of the features
     */
    double lossAndGradients(NDArray features, long[] labels, float weight, NDArray gradient) {
        NDArray tableGradient = table.trained() ? table.requireGradient() : null; // [V, N]
        NDArray biasGradient = bias.trained() ? bias.requireGradient() : null; // [V]
        double sum = 0;
        int tile = tileRows();
        for (int first = 0; first < labels.length; first += tile) {
            long[] wanted =
                    Arrays.copyOfRange(labels, first, Math.min(labels.length, first + tile));
            try (NDManager scope = features.getManager().newSubManager()) {
                NDArray shares; // [tile, V]
                try (NDArray scores = scores(scope, features, first, wanted.length)) {
                    shares = scores.softmax(1);
                    sum += crossEntropy(scores, shares, wanted);
                }
                lessOne(shares, wanted);
                NDArray rows = part(scope, features, first, wanted.length); // [tile, N]
                NDArray back = shares.matMul(table.array()).muli(weight); // [tile, N]
                MemorySegment.copy(
                        TensorBridge.memory(back),
                        0,
                        TensorBridge.memory(gradient),
                        4L * first * gradient.getShape().get(1),
                        4L * back.size());
                if (tableGradient != null) {
                    TensorBridge.addProduct(
                            tableGradient, shares.transpose(), rows.mul(weight)); // [V, N]
                }
                if (biasGradient != null) {
                    biasGradient.addi(shares.sum(new int[] {0}).muli(weight)); // [V]
                }
            }
        }
        return sum;
    }

    private int tileRows() {
        return Math.clamp(TILE_BYTES / Float.BYTES / bias.elements(), 1, 4096);
    }

    private NDArray scores(NDManager scope, NDArray features, int first, int count) {
        return Linear.linear(part(scope, features, first, count), table.array(), bias.array())
                .singletonOrThrow(); // [tile, V]
    }

    private static NDArray part(NDManager scope, NDArray features, int first, int count) {
        NDArray rows = features.get(new NDIndex("{}:{}", first, first + count)); // [tile, N]
        rows.attach(scope);
        return rows;
    }

    private static double crossEntropy(NDArray scores, NDArray shares, long[] labels) {
        long words = shares.getShape().get(1);
        MemorySegment share = TensorBridge.memory(shares);
        double sum = 0;
        for (int r = 0; r < labels.length; r++) {
            float given = share.getAtIndex(ValueLayout.JAVA_FLOAT, r * words + labels[r]);
            sum -=
                    given > FAINT
                            ? Math.log(given)
                            : faint(TensorBridge.memory(scores), r * words, words, labels[r]);
        }
        return sum;
    }

    /** The log-probability straight from the scores; NaN scores give NaN. */
    private static double faint(MemorySegment scores, long from, long words, long label) {
        double highest = Double.NEGATIVE_INFINITY;
        for (long v = 0; v < words; v++) {
            highest = Math.max(highest, scores.getAtIndex(ValueLayout.JAVA_FLOAT, from + v));
        }
        double sum = 0;
        for (long v = 0; v < words; v++) {
            sum += Math.exp(scores.getAtIndex(ValueLayout.JAVA_FLOAT, from + v) - highest);
        }
        float score = scores.getAtIndex(ValueLayout.JAVA_FLOAT, from + label);
        return score - highest - Math.log(sum);
    }

    /** From softmax to the gradient of the scores. */
    private static void lessOne(NDArray shares, long[] labels) {
        long words = shares.getShape().get(1);
        MemorySegment share = TensorBridge.memory(shares);
        for (int r = 0; r < labels.length; r++) {
            long at = r * words + labels[r];
            float given = share.getAtIndex(ValueLayout.JAVA_FLOAT, at);
            share.setAtIndex(ValueLayout.JAVA_FLOAT, at, given - 1);
        }
    }
}
