package io.longspan.model.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Weighted sums of many rows in raw memory, for {@link RawGlobalRows}. Needs the module {@code
 * jdk.incubator.vector}. Every number sums row after row, whichever are computed together.
 */
final class RowSums {
    /** Sums that share what is loaded. */
    private static final int FEW = 4;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** Columns that go by at once: a row is read in pieces of whole cache lines. */
    private static final int COLUMNS = 4 * FLOATS.length();

    private final float[] factors;
    private final int stride;
    private final MemorySegment many;
    private final int rows;
    private final int n;
    private final float[] sums;

    private RowSums(
            float[] factors, int stride, MemorySegment many, int rows, int n, float[] sums) {
        this.factors = factors;
        this.stride = stride;
        this.many = many;
        this.rows = rows;
        this.n = n;
        this.sums = sums;
    }

    /**
     * {@code sums[f] += sum over m of factors[factorsAt + f * stride + m] * many[m]}.
     *
     * @param many float32, [rows, n] from byte {@code manyAt} on
     * @param sums [count, n] from {@code sumsAt} on
     */
    static void add(
            float[] factors,
            int factorsAt,
            int stride,
            int count,
            MemorySegment many,
            long manyAt,
            int rows,
            int n,
            float[] sums,
            int sumsAt) {
        RowSums own = new RowSums(factors, stride, many, rows, n, sums);
        int whole = n - n % COLUMNS;
        for (int c = 0; c < whole; c += COLUMNS) {
            long column = manyAt + (long) c * Float.BYTES;
            int f = 0;
            for (; f + FEW <= count; f += FEW) {
                own.tile(factorsAt + f * stride, column, sumsAt + f * n + c);
            }
            for (; f < count; f++) {
                own.strip(factorsAt + f * stride, column, sumsAt + f * n + c);
            }
        }
        for (int f = 0; f < count; f++) {
            for (int c = whole; c < n; c++) {
                long column = manyAt + (long) c * Float.BYTES;
                own.single(factorsAt + f * stride, column, sumsAt + f * n + c);
            }
        }
    }

    /** Four sums of a block of columns. */
    private void tile(int from, long column, int to) {
        int lanes = FLOATS.length();
        long rowBytes = (long) n * Float.BYTES;
        long vectorBytes = (long) lanes * Float.BYTES;
        FloatVector s00 = FloatVector.fromArray(FLOATS, sums, to);
        FloatVector s01 = FloatVector.fromArray(FLOATS, sums, to + lanes);
        FloatVector s02 = FloatVector.fromArray(FLOATS, sums, to + 2 * lanes);
        FloatVector s03 = FloatVector.fromArray(FLOATS, sums, to + 3 * lanes);
        FloatVector s10 = FloatVector.fromArray(FLOATS, sums, to + 1 * n);
        FloatVector s11 = FloatVector.fromArray(FLOATS, sums, to + 1 * n + lanes);
        FloatVector s12 = FloatVector.fromArray(FLOATS, sums, to + 1 * n + 2 * lanes);
        FloatVector s13 = FloatVector.fromArray(FLOATS, sums, to + 1 * n + 3 * lanes);
        FloatVector s20 = FloatVector.fromArray(FLOATS, sums, to + 2 * n);
        FloatVector s21 = FloatVector.fromArray(FLOATS, sums, to + 2 * n + lanes);
        FloatVector s22 = FloatVector.fromArray(FLOATS, sums, to + 2 * n + 2 * lanes);
        FloatVector s23 = FloatVector.fromArray(FLOATS, sums, to + 2 * n + 3 * lanes);
        FloatVector s30 = FloatVector.fromArray(FLOATS, sums, to + 3 * n);
        FloatVector s31 = FloatVector.fromArray(FLOATS, sums, to + 3 * n + lanes);
        FloatVector s32 = FloatVector.fromArray(FLOATS, sums, to + 3 * n + 2 * lanes);
        FloatVector s33 = FloatVector.fromArray(FLOATS, sums, to + 3 * n + 3 * lanes);
        long at = column;
        for (int m = 0; m < rows; m++, at += rowBytes) {
            FloatVector x0 = load(at);
            FloatVector x1 = load(at + vectorBytes);
            FloatVector x2 = load(at + 2 * vectorBytes);
            FloatVector x3 = load(at + 3 * vectorBytes);
            FloatVector y0 = FloatVector.broadcast(FLOATS, factors[from + m]);
            s00 = x0.fma(y0, s00);
            s01 = x1.fma(y0, s01);
            s02 = x2.fma(y0, s02);
            s03 = x3.fma(y0, s03);
            FloatVector y1 = FloatVector.broadcast(FLOATS, factors[from + stride + m]);
            s10 = x0.fma(y1, s10);
            s11 = x1.fma(y1, s11);
            s12 = x2.fma(y1, s12);
            s13 = x3.fma(y1, s13);
            FloatVector y2 = FloatVector.broadcast(FLOATS, factors[from + 2 * stride + m]);
            s20 = x0.fma(y2, s20);
            s21 = x1.fma(y2, s21);
            s22 = x2.fma(y2, s22);
            s23 = x3.fma(y2, s23);
            FloatVector y3 = FloatVector.broadcast(FLOATS, factors[from + 3 * stride + m]);
            s30 = x0.fma(y3, s30);
            s31 = x1.fma(y3, s31);
            s32 = x2.fma(y3, s32);
            s33 = x3.fma(y3, s33);
        }
        s00.intoArray(sums, to);
        s01.intoArray(sums, to + lanes);
        s02.intoArray(sums, to + 2 * lanes);
        s03.intoArray(sums, to + 3 * lanes);
        s10.intoArray(sums, to + 1 * n);
        s11.intoArray(sums, to + 1 * n + lanes);
        s12.intoArray(sums, to + 1 * n + 2 * lanes);
        s13.intoArray(sums, to + 1 * n + 3 * lanes);
        s20.intoArray(sums, to + 2 * n);
        s21.intoArray(sums, to + 2 * n + lanes);
        s22.intoArray(sums, to + 2 * n + 2 * lanes);
        s23.intoArray(sums, to + 2 * n + 3 * lanes);
        s30.intoArray(sums, to + 3 * n);
        s31.intoArray(sums, to + 3 * n + lanes);
        s32.intoArray(sums, to + 3 * n + 2 * lanes);
        s33.intoArray(sums, to + 3 * n + 3 * lanes);
    }

    /** One sum of a block of columns. */
    private void strip(int from, long column, int to) {
        int lanes = FLOATS.length();
        long rowBytes = (long) n * Float.BYTES;
        long vectorBytes = (long) lanes * Float.BYTES;
        FloatVector s0 = FloatVector.fromArray(FLOATS, sums, to);
        FloatVector s1 = FloatVector.fromArray(FLOATS, sums, to + lanes);
        FloatVector s2 = FloatVector.fromArray(FLOATS, sums, to + 2 * lanes);
        FloatVector s3 = FloatVector.fromArray(FLOATS, sums, to + 3 * lanes);
        long at = column;
        for (int m = 0; m < rows; m++, at += rowBytes) {
            FloatVector y = FloatVector.broadcast(FLOATS, factors[from + m]);
            s0 = load(at).fma(y, s0);
            s1 = load(at + vectorBytes).fma(y, s1);
            s2 = load(at + 2 * vectorBytes).fma(y, s2);
            s3 = load(at + 3 * vectorBytes).fma(y, s3);
        }
        s0.intoArray(sums, to);
        s1.intoArray(sums, to + lanes);
        s2.intoArray(sums, to + 2 * lanes);
        s3.intoArray(sums, to + 3 * lanes);
    }

    private void single(int from, long column, int to) {
        float sum = sums[to];
        for (int m = 0; m < rows; m++) {
            sum += factors[from + m] * many.get(FLOAT, column + (long) m * n * Float.BYTES);
        }
        sums[to] = sum;
    }

    private FloatVector load(long at) {
        return FloatVector.fromMemorySegment(FLOATS, many, at, ORDER);
    }
}
