package io.longspan.attention.fused;

import io.longspan.attention.TensorView;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The offset bias of one head, turned round so that it ascends with the query, and the sum of its
 * gradient.
 */
final class OffsetBias {
    private final Strip strip;
    private final float[] byDistance;
    private final double[] gradient;

    /** Reads the columns inside the strip's own reach. */
    OffsetBias(TensorView bias, Strip strip, int maxLeft) {
        this.strip = strip;
        Matrix columns = new Matrix(bias);
        byDistance = new float[strip.left() + strip.right() + 1];
        gradient = new double[byDistance.length];
        for (int i = 0; i < byDistance.length; i++) {
            int column = maxLeft + strip.right() - i;
            byDistance[i] =
                    columns.memory()
                            .get(
                                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                                    columns.offset(strip.head(), column));
        }
    }

    /** Adds it to the scores of a tile wherever a key is seen. */
    void add(float[] scores, Queries queries, Keys keys, Bounds bounds) {
        for (int k = 0; k < keys.count(); k++) {
            int row = k * Tile.SIZE;
            int from = bounds.firstLaneOf(k);
            int to = bounds.endLaneOf(k);
            int least = strip.right() - keys.first() - k;
            if (queries.contiguous()) {
                int first = least + queries.firstPosition();
                for (int q = from; q < to; q++) {
                    scores[row + q] += byDistance[first + q];
                }
            } else {
                for (int q = from; q < to; q++) {
                    scores[row + q] += byDistance[least + queries.position[q]];
                }
            }
        }
    }

    /** Adds the gradients of a tile's scores to the sums of their offsets. */
    void addGradient(float[] ofScores, Queries queries, Keys keys, Bounds bounds) {
        for (int k = 0; k < keys.count(); k++) {
            int row = k * Tile.SIZE;
            int least = strip.right() - keys.first() - k;
            for (int q = bounds.firstLaneOf(k); q < bounds.endLaneOf(k); q++) {
                gradient[least + queries.position[q]] += ofScores[row + q];
            }
        }
    }

    /** The sums, in the order of the bias columns of the head's own reach. */
    double[] gradient() {
        double[] byOffset = new double[gradient.length];
        Arrays.setAll(byOffset, i -> gradient[gradient.length - 1 - i]);
        return byOffset;
    }
}
