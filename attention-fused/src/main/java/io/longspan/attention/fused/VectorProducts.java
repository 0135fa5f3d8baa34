package io.longspan.attention.fused;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The products with accumulators in registers: four rows by up to four vectors, or by up to two
 * where a core has sixteen registers only. Loaded once per vector width, see {@link VectorMaths}.
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
        FloatVector c00 = start(c, cAt, add);
        FloatVector c01 = start(c, cAt + V, add);
        FloatVector c02 = start(c, cAt + 2 * V, add);
        FloatVector c03 = start(c, cAt + 3 * V, add);
        FloatVector c10 = start(c, cAt + ROW, add);
        FloatVector c11 = start(c, cAt + ROW + V, add);
        FloatVector c12 = start(c, cAt + ROW + 2 * V, add);
        FloatVector c13 = start(c, cAt + ROW + 3 * V, add);
        FloatVector c20 = start(c, cAt + 2 * ROW, add);
        FloatVector c21 = start(c, cAt + 2 * ROW + V, add);
        FloatVector c22 = start(c, cAt + 2 * ROW + 2 * V, add);
        FloatVector c23 = start(c, cAt + 2 * ROW + 3 * V, add);
        FloatVector c30 = start(c, cAt + 3 * ROW, add);
        FloatVector c31 = start(c, cAt + 3 * ROW + V, add);
        FloatVector c32 = start(c, cAt + 3 * ROW + 2 * V, add);
        FloatVector c33 = start(c, cAt + 3 * ROW + 3 * V, add);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt + k * ROW);
            FloatVector b1 = load(b, bAt + k * ROW + V);
            FloatVector b2 = load(b, bAt + k * ROW + 2 * V);
            FloatVector b3 = load(b, bAt + k * ROW + 3 * V);
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
        FloatVector c00 = start(c, cAt, add);
        FloatVector c01 = start(c, cAt + V, add);
        FloatVector c10 = start(c, cAt + ROW, add);
        FloatVector c11 = start(c, cAt + ROW + V, add);
        FloatVector c20 = start(c, cAt + 2 * ROW, add);
        FloatVector c21 = start(c, cAt + 2 * ROW + V, add);
        FloatVector c30 = start(c, cAt + 3 * ROW, add);
        FloatVector c31 = start(c, cAt + 3 * ROW + V, add);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt + k * ROW);
            FloatVector b1 = load(b, bAt + k * ROW + V);
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
        FloatVector c00 = start(c, cAt, add);
        FloatVector c10 = start(c, cAt + ROW, add);
        FloatVector c20 = start(c, cAt + 2 * ROW, add);
        FloatVector c30 = start(c, cAt + 3 * ROW, add);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt + k * ROW);
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
        FloatVector c00 = load(c, cAt);
        FloatVector c01 = load(c, cAt + V);
        FloatVector c02 = load(c, cAt + 2 * V);
        FloatVector c03 = load(c, cAt + 3 * V);
        FloatVector c10 = load(c, cAt + ROW);
        FloatVector c11 = load(c, cAt + ROW + V);
        FloatVector c12 = load(c, cAt + ROW + 2 * V);
        FloatVector c13 = load(c, cAt + ROW + 3 * V);
        FloatVector c20 = load(c, cAt + 2 * ROW);
        FloatVector c21 = load(c, cAt + 2 * ROW + V);
        FloatVector c22 = load(c, cAt + 2 * ROW + 2 * V);
        FloatVector c23 = load(c, cAt + 2 * ROW + 3 * V);
        FloatVector c30 = load(c, cAt + 3 * ROW);
        FloatVector c31 = load(c, cAt + 3 * ROW + V);
        FloatVector c32 = load(c, cAt + 3 * ROW + 2 * V);
        FloatVector c33 = load(c, cAt + 3 * ROW + 3 * V);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt + k * ROW);
            FloatVector b1 = load(b, bAt + k * ROW + V);
            FloatVector b2 = load(b, bAt + k * ROW + 2 * V);
            FloatVector b3 = load(b, bAt + k * ROW + 3 * V);
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
        FloatVector c00 = load(c, cAt);
        FloatVector c01 = load(c, cAt + V);
        FloatVector c10 = load(c, cAt + ROW);
        FloatVector c11 = load(c, cAt + ROW + V);
        FloatVector c20 = load(c, cAt + 2 * ROW);
        FloatVector c21 = load(c, cAt + 2 * ROW + V);
        FloatVector c30 = load(c, cAt + 3 * ROW);
        FloatVector c31 = load(c, cAt + 3 * ROW + V);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt + k * ROW);
            FloatVector b1 = load(b, bAt + k * ROW + V);
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
        FloatVector c00 = load(c, cAt);
        FloatVector c10 = load(c, cAt + ROW);
        FloatVector c20 = load(c, cAt + 2 * ROW);
        FloatVector c30 = load(c, cAt + 3 * ROW);
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = load(b, bAt + k * ROW);
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

    private static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(FLOATS, from, at);
    }

    private static FloatVector start(float[] from, int at, boolean add) {
        return add ? load(from, at) : FloatVector.zero(FLOATS);
    }
}
