package io.longspan.model.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.longspan.model.linear.Matrix;
import io.longspan.model.linear.MatrixProducts;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Scores over the vocabulary, their cross-entropy and its gradients, some rows at a time. Runs with
 * recording off.
 *
 * @param table [V, N]
 * @param bias [V]
 * @param products that compute, or null for the engine's
 */
record DecoderLoss(Parameter table, Parameter bias, @Nullable MatrixProducts products) {
    /**
     * Bytes of a tile of scores. glibc keeps pieces of up to 32 MiB for the next use; larger ones
     * come from the system as fresh pages each time.
     */
    private static final long TILE_BYTES = 16L << 20;

    /** The same for products that read the table once for each tile. */
    private static final long LARGE_TILE_BYTES = 32L << 20;

    /** Parts of the table for each thread. */
    private static final int PARTS_PER_THREAD = 4;

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
                NDArray back = toFeatures(shares).muli(weight); // [tile, N]
                MemorySegment.copy(
                        TensorBridge.memory(back),
                        0,
                        TensorBridge.memory(gradient),
                        4L * first * gradient.getShape().get(1),
                        4L * back.size());
                if (tableGradient != null) {
                    addToTable(tableGradient, shares, rows.mul(weight));
                }
                if (biasGradient != null) {
                    biasGradient.addi(shares.sum(new int[] {0}).muli(weight)); // [V]
                }
            }
        }
        return sum;
    }

    private int tileRows() {
        long bytes = products == null ? TILE_BYTES : LARGE_TILE_BYTES;
        return Math.clamp(bytes / Float.BYTES / bias.elements(), 1, 4096);
    }

    private NDArray scores(NDManager scope, NDArray features, int first, int count) {
        NDArray rows = part(scope, features, first, count); // [tile, N]
        MatrixProducts products = this.products;
        if (products == null) {
            return Linear.linear(rows, table.array(), bias.array()).singletonOrThrow(); // [tile, V]
        }
        NDArray scores =
                scope.create(new Shape(count, bias.elements()), DataType.FLOAT32); // [tile, V]
        Matrix from = matrix(rows);
        Matrix weight = matrix(table.array());
        Matrix to = matrix(scores);
        int part = partOf(weight.rows(), PARTS_PER_THREAD);
        products.run(
                Math.ceilDiv(weight.rows(), part),
                (item, _) -> {
                    int word = item * part;
                    int words = Math.min(part, weight.rows() - word);
                    products.applied(from, weight.part(word, words), to.columns(word, words));
                });
        return scores.addi(bias.array());
    }

    /** [tile, V] times the table, [tile, N]. */
    private NDArray toFeatures(NDArray shares) {
        MatrixProducts products = this.products;
        if (products == null) {
            return shares.matMul(table.array());
        }
        Matrix from = matrix(shares);
        Matrix weight = matrix(table.array());
        NDArray back =
                shares.getManager()
                        .create(new Shape(from.rows(), weight.columns()), DataType.FLOAT32);
        Matrix to = matrix(back); // [tile, N]
        int part = partOf(weight.columns(), 1);
        products.run(
                Math.ceilDiv(weight.columns(), part),
                (item, _) -> {
                    int column = item * part;
                    int columns = Math.min(part, weight.columns() - column);
                    products.toInput(
                            from,
                            weight.columns(column, columns),
                            false,
                            to.columns(column, columns));
                });
        return back;
    }

    /** Adds to the table's gradient, [V, N], what [tile, V] and [tile, N] make. */
    private void addToTable(NDArray gradient, NDArray shares, NDArray rows) {
        MatrixProducts products = this.products;
        if (products == null) {
            TensorBridge.addProduct(gradient, shares.transpose(), rows);
            return;
        }
        Matrix from = matrix(shares);
        Matrix features = matrix(rows);
        Matrix to = matrix(gradient);
        int part = partOf(to.rows(), PARTS_PER_THREAD);
        products.run(
                Math.ceilDiv(to.rows(), part),
                (item, _) -> {
                    int word = item * part;
                    products.toWeight(from, features, word, Math.min(part, to.rows() - word), to);
                });
    }

    private int partOf(int size, int perThread) {
        MatrixProducts products = this.products;
        int parts = products == null ? 1 : perThread * products.threads();
        return Math.ceilDiv(Math.ceilDiv(size, parts), 16) * 16;
    }

    private static Matrix matrix(NDArray array) {
        Shape shape = array.getShape();
        return Matrix.of(
                TensorBridge.memory(array),
                Math.toIntExact(shape.get(0)),
                Math.toIntExact(shape.get(1)));
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
