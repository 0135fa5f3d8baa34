package io.longspan.model.encoder;

import io.longspan.model.linear.Matrix;

/**
 * What one thread works in: intermediate results of a tile of rows, and lines of one row each, as
 * long as the longest row filled up to whole steps of {@link GeluLines}.
 */
final class WrittenWorker {
    /** Of a tile, [tile, N]. */
    final Matrix first;

    /** Of a tile, [tile, N]. */
    final Matrix second;

    /** Of a tile, [tile, F]. */
    final Matrix inner;

    final float[] x;
    final float[] y;
    final float[] z;
    final float[] factors;

    WrittenWorker(Matrix first, Matrix second, Matrix inner, int width, int innerWidth) {
        this.first = first;
        this.second = second;
        this.inner = inner;
        int length = lineLength(width, innerWidth);
        x = new float[length];
        y = new float[length];
        z = new float[length];
        factors = new float[length];
    }

    /** How long lines are. */
    static int lineLength(int width, int inner) {
        return Math.ceilDiv(Math.max(width, inner), GeluLines.STEP) * GeluLines.STEP;
    }
}
