package io.longspan.attention.fused;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products with accumulators in registers: four rows by up to four vectors, or by up to two
 * where a core has sixteen registers only. Loaded once per vector width, see {@link VectorMaths}.
 *
 * <p>No method here that returns a vector, nor in {@link VectorRows}: where C2 stops inlining, and
 * in a big method it does, such a call puts its vectors on the heap.
 */
final class VectorProducts implements TileProducts {
    private static final VectorSpecies<Float> FLOATS = VectorMaths.species(MethodHandles.lookup());
    private static final int V = FLOATS.length();
    private static final int ROW = Tile.SIZE;
    private static final boolean WIDE = VectorMaths.manyRegisters(FLOATS);

    @Override
    public int lanes() {
        return V;
    }

    @Override
    public void plain(
            float[] c,
            int cAt,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int depth,
            int columns,
            boolean add) {
        int j = 0;
        if (WIDE) {
            for (; j + 4 * V <= columns; j += 4 * V) {
                plain4(c, cAt + j, a, aAt, b, bAt + j, depth, add);
            }
        }
        for (; j + 2 * V <= columns; j += 2 * V) {
            plain2(c, cAt + j, a, aAt, b, bAt + j, depth, add);
        }
        if (j < columns) {
            plain1(c, cAt + j, a, aAt, b, bAt + j, depth, add);
        }
    }

    @Override
    public void transposed(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth, int columns) {
        int j = 0;
        if (WIDE) {
            for (; j + 4 * V <= columns; j += 4 * V) {
                transposed4(c, cAt + j, a, aAt, b, bAt + j, depth);
            }
        }
        for (; j + 2 * V <= columns; j += 2 * V) {
            transposed2(c, cAt + j, a, aAt, b, bAt + j, depth);
        }
        if (j < columns) {
            transposed1(c, cAt + j, a, aAt, b, bAt + j, depth);
        }
    }

    private static void plain4(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth, boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(FLOATS, c, cAt) : FloatVector.zero(FLOATS);
        FloatVector c01 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + V) : FloatVector.zero(FLOATS);
        FloatVector c02 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 2 * V) : FloatVector.zero(FLOATS);
        FloatVector c03 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 3 * V) : FloatVector.zero(FLOATS);
        FloatVector c10 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + ROW) : FloatVector.zero(FLOATS);
        FloatVector c11 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + ROW + V) : FloatVector.zero(FLOATS);
        FloatVector c12 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + ROW + 2 * V)
                        : FloatVector.zero(FLOATS);
        FloatVector c13 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + ROW + 3 * V)
                        : FloatVector.zero(FLOATS);
        FloatVector c20 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW) : FloatVector.zero(FLOATS);
        FloatVector c21 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + V)
                        : FloatVector.zero(FLOATS);
        FloatVector c22 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + 2 * V)
                        : FloatVector.zero(FLOATS);
        FloatVector c23 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + 3 * V)
                        : FloatVector.zero(FLOATS);
        FloatVector c30 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW) : FloatVector.zero(FLOATS);
        FloatVector c31 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + V)
                        : FloatVector.zero(FLOATS);
        FloatVector c32 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + 2 * V)
                        : FloatVector.zero(FLOATS);
        FloatVector c33 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + 3 * V)
                        : FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + V);
            FloatVector b2 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + 2 * V);
            FloatVector b3 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + 3 * V);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + ROW]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + 2 * ROW]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + 3 * ROW]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + V);
        c02.intoArray(c, cAt + 2 * V);
        c03.intoArray(c, cAt + 3 * V);
        c10.intoArray(c, cAt + ROW);
        c11.intoArray(c, cAt + ROW + V);
        c12.intoArray(c, cAt + ROW + 2 * V);
        c13.intoArray(c, cAt + ROW + 3 * V);
        c20.intoArray(c, cAt + 2 * ROW);
        c21.intoArray(c, cAt + 2 * ROW + V);
        c22.intoArray(c, cAt + 2 * ROW + 2 * V);
        c23.intoArray(c, cAt + 2 * ROW + 3 * V);
        c30.intoArray(c, cAt + 3 * ROW);
        c31.intoArray(c, cAt + 3 * ROW + V);
        c32.intoArray(c, cAt + 3 * ROW + 2 * V);
        c33.intoArray(c, cAt + 3 * ROW + 3 * V);
    }

    private static void plain2(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth, boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(FLOATS, c, cAt) : FloatVector.zero(FLOATS);
        FloatVector c01 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + V) : FloatVector.zero(FLOATS);
        FloatVector c10 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + ROW) : FloatVector.zero(FLOATS);
        FloatVector c11 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + ROW + V) : FloatVector.zero(FLOATS);
        FloatVector c20 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW) : FloatVector.zero(FLOATS);
        FloatVector c21 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + V)
                        : FloatVector.zero(FLOATS);
        FloatVector c30 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW) : FloatVector.zero(FLOATS);
        FloatVector c31 =
                add
                        ? FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + V)
                        : FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + V);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + ROW]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + 2 * ROW]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + 3 * ROW]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + V);
        c10.intoArray(c, cAt + ROW);
        c11.intoArray(c, cAt + ROW + V);
        c20.intoArray(c, cAt + 2 * ROW);
        c21.intoArray(c, cAt + 2 * ROW + V);
        c30.intoArray(c, cAt + 3 * ROW);
        c31.intoArray(c, cAt + 3 * ROW + V);
    }

    private static void plain1(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth, boolean add) {
        FloatVector c00 = add ? FloatVector.fromArray(FLOATS, c, cAt) : FloatVector.zero(FLOATS);
        FloatVector c10 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + ROW) : FloatVector.zero(FLOATS);
        FloatVector c20 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW) : FloatVector.zero(FLOATS);
        FloatVector c30 =
                add ? FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW) : FloatVector.zero(FLOATS);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + ROW]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + 2 * ROW]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(FLOATS, a[aAt + k + 3 * ROW]);
            c30 = x.fma(b0, c30);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + ROW);
        c20.intoArray(c, cAt + 2 * ROW);
        c30.intoArray(c, cAt + 3 * ROW);
    }

    private static void transposed4(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth) {
        FloatVector c00 = FloatVector.fromArray(FLOATS, c, cAt);
        FloatVector c01 = FloatVector.fromArray(FLOATS, c, cAt + V);
        FloatVector c02 = FloatVector.fromArray(FLOATS, c, cAt + 2 * V);
        FloatVector c03 = FloatVector.fromArray(FLOATS, c, cAt + 3 * V);
        FloatVector c10 = FloatVector.fromArray(FLOATS, c, cAt + ROW);
        FloatVector c11 = FloatVector.fromArray(FLOATS, c, cAt + ROW + V);
        FloatVector c12 = FloatVector.fromArray(FLOATS, c, cAt + ROW + 2 * V);
        FloatVector c13 = FloatVector.fromArray(FLOATS, c, cAt + ROW + 3 * V);
        FloatVector c20 = FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW);
        FloatVector c21 = FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + V);
        FloatVector c22 = FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + 2 * V);
        FloatVector c23 = FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + 3 * V);
        FloatVector c30 = FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW);
        FloatVector c31 = FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + V);
        FloatVector c32 = FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + 2 * V);
        FloatVector c33 = FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + 3 * V);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + V);
            FloatVector b2 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + 2 * V);
            FloatVector b3 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + 3 * V);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            c12 = x.fma(b2, c12);
            c13 = x.fma(b3, c13);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            c22 = x.fma(b2, c22);
            c23 = x.fma(b3, c23);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
            c32 = x.fma(b2, c32);
            c33 = x.fma(b3, c33);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + V);
        c02.intoArray(c, cAt + 2 * V);
        c03.intoArray(c, cAt + 3 * V);
        c10.intoArray(c, cAt + ROW);
        c11.intoArray(c, cAt + ROW + V);
        c12.intoArray(c, cAt + ROW + 2 * V);
        c13.intoArray(c, cAt + ROW + 3 * V);
        c20.intoArray(c, cAt + 2 * ROW);
        c21.intoArray(c, cAt + 2 * ROW + V);
        c22.intoArray(c, cAt + 2 * ROW + 2 * V);
        c23.intoArray(c, cAt + 2 * ROW + 3 * V);
        c30.intoArray(c, cAt + 3 * ROW);
        c31.intoArray(c, cAt + 3 * ROW + V);
        c32.intoArray(c, cAt + 3 * ROW + 2 * V);
        c33.intoArray(c, cAt + 3 * ROW + 3 * V);
    }

    private static void transposed2(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth) {
        FloatVector c00 = FloatVector.fromArray(FLOATS, c, cAt);
        FloatVector c01 = FloatVector.fromArray(FLOATS, c, cAt + V);
        FloatVector c10 = FloatVector.fromArray(FLOATS, c, cAt + ROW);
        FloatVector c11 = FloatVector.fromArray(FLOATS, c, cAt + ROW + V);
        FloatVector c20 = FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW);
        FloatVector c21 = FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW + V);
        FloatVector c30 = FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW);
        FloatVector c31 = FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW + V);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW);
            FloatVector b1 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW + V);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 1]);
            c10 = x.fma(b0, c10);
            c11 = x.fma(b1, c11);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 2]);
            c20 = x.fma(b0, c20);
            c21 = x.fma(b1, c21);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 3]);
            c30 = x.fma(b0, c30);
            c31 = x.fma(b1, c31);
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + V);
        c10.intoArray(c, cAt + ROW);
        c11.intoArray(c, cAt + ROW + V);
        c20.intoArray(c, cAt + 2 * ROW);
        c21.intoArray(c, cAt + 2 * ROW + V);
        c30.intoArray(c, cAt + 3 * ROW);
        c31.intoArray(c, cAt + 3 * ROW + V);
    }

    private static void transposed1(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth) {
        FloatVector c00 = FloatVector.fromArray(FLOATS, c, cAt);
        FloatVector c10 = FloatVector.fromArray(FLOATS, c, cAt + ROW);
        FloatVector c20 = FloatVector.fromArray(FLOATS, c, cAt + 2 * ROW);
        FloatVector c30 = FloatVector.fromArray(FLOATS, c, cAt + 3 * ROW);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(FLOATS, b, bAt + k * ROW);
            FloatVector x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW]);
            c00 = x.fma(b0, c00);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 1]);
            c10 = x.fma(b0, c10);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 2]);
            c20 = x.fma(b0, c20);
            x = FloatVector.broadcast(FLOATS, a[aAt + k * ROW + 3]);
            c30 = x.fma(b0, c30);
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + ROW);
        c20.intoArray(c, cAt + 2 * ROW);
        c30.intoArray(c, cAt + 3 * ROW);
    }
}
