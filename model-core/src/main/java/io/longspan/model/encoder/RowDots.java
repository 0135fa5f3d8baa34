package io.longspan.model.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inner products of a few rows in Java arrays with many rows in raw memory, for {@link
 * RawGlobalRows}. Needs the module {@code jdk.incubator.vector}. Every product sums in the same
 * order, whichever rows are computed together, and lanes are added by hand: the interpreter adds up
 * a vector in another order than compiled code.
 */
final class RowDots {
    /** Rows of either kind that share what is loaded: 16 sums, half of the registers. */
    private static final int TILE = 4;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorShuffle<Float> BY_8 = rotated(8);
    private static final VectorShuffle<Float> BY_4 = rotated(4);
    private static final VectorShuffle<Float> BY_2 = rotated(2);
    private static final VectorShuffle<Float> BY_1 = rotated(1);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final float[] few;
    private final MemorySegment many;
    private final int n;
    private final int whole;
    private final float[] out;
    private final int stride;

    private RowDots(float[] few, MemorySegment many, int n, float[] out, int stride) {
        this.few = few;
        this.many = many;
        this.n = n;
        whole = FLOATS.loopBound(n);
        this.out = out;
        this.stride = stride;
    }

    /**
     * {@code out[outAt + f * stride + m] = few[f] . many[m]}.
     *
     * @param few [count, n] from {@code fewAt} on
     * @param many float32, [rows, n] from byte {@code manyAt} on
     */
    static void compute(
            float[] few,
            int fewAt,
            int count,
            MemorySegment many,
            long manyAt,
            int rows,
            int n,
            float[] out,
            int outAt,
            int stride) {
        RowDots dots = new RowDots(few, many, n, out, stride);
        long rowBytes = (long) n * Float.BYTES;
        for (int m = 0; m < rows; ) {
            boolean tile = m + TILE <= rows;
            long row = manyAt + m * rowBytes;
            for (int f = 0; f < count; ) {
                int from = fewAt + f * n;
                int to = outAt + f * stride + m;
                if (tile && f + TILE <= count) {
                    dots.tile(from, row, to);
                    f += TILE;
                } else if (tile) {
                    dots.strip(from, row, to);
                    f++;
                } else {
                    dots.single(from, row, to);
                    f++;
                }
            }
            m += tile ? TILE : 1;
        }
    }

    /** Four rows of the few with four of the many. */
    private void tile(int from, long row, int to) {
        long rowBytes = (long) n * Float.BYTES;
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector s00 = zero;
        FloatVector s01 = zero;
        FloatVector s02 = zero;
        FloatVector s03 = zero;
        FloatVector s10 = zero;
        FloatVector s11 = zero;
        FloatVector s12 = zero;
        FloatVector s13 = zero;
        FloatVector s20 = zero;
        FloatVector s21 = zero;
        FloatVector s22 = zero;
        FloatVector s23 = zero;
        FloatVector s30 = zero;
        FloatVector s31 = zero;
        FloatVector s32 = zero;
        FloatVector s33 = zero;
        for (int c = 0; c < whole; c += FLOATS.length()) {
            FloatVector x0 = load(row + (long) c * Float.BYTES);
            FloatVector x1 = load(row + 1 * rowBytes + (long) c * Float.BYTES);
            FloatVector x2 = load(row + 2 * rowBytes + (long) c * Float.BYTES);
            FloatVector x3 = load(row + 3 * rowBytes + (long) c * Float.BYTES);
            FloatVector y0 = FloatVector.fromArray(FLOATS, few, from + c);
            s00 = x0.fma(y0, s00);
            s01 = x1.fma(y0, s01);
            s02 = x2.fma(y0, s02);
            s03 = x3.fma(y0, s03);
            FloatVector y1 = FloatVector.fromArray(FLOATS, few, from + 1 * n + c);
            s10 = x0.fma(y1, s10);
            s11 = x1.fma(y1, s11);
            s12 = x2.fma(y1, s12);
            s13 = x3.fma(y1, s13);
            FloatVector y2 = FloatVector.fromArray(FLOATS, few, from + 2 * n + c);
            s20 = x0.fma(y2, s20);
            s21 = x1.fma(y2, s21);
            s22 = x2.fma(y2, s22);
            s23 = x3.fma(y2, s23);
            FloatVector y3 = FloatVector.fromArray(FLOATS, few, from + 3 * n + c);
            s30 = x0.fma(y3, s30);
            s31 = x1.fma(y3, s31);
            s32 = x2.fma(y3, s32);
            s33 = x3.fma(y3, s33);
        }
        out[to] = sum(s00);
        out[to + 1] = sum(s01);
        out[to + 2] = sum(s02);
        out[to + 3] = sum(s03);
        out[to + stride] = sum(s10);
        out[to + stride + 1] = sum(s11);
        out[to + stride + 2] = sum(s12);
        out[to + stride + 3] = sum(s13);
        out[to + 2 * stride] = sum(s20);
        out[to + 2 * stride + 1] = sum(s21);
        out[to + 2 * stride + 2] = sum(s22);
        out[to + 2 * stride + 3] = sum(s23);
        out[to + 3 * stride] = sum(s30);
        out[to + 3 * stride + 1] = sum(s31);
        out[to + 3 * stride + 2] = sum(s32);
        out[to + 3 * stride + 3] = sum(s33);
        if (whole < n) {
            for (int f = 0; f < TILE; f++) {
                rest(from + f * n, row, TILE, to + f * stride);
            }
        }
    }

    /** One row of the few with four of the many. */
    private void strip(int from, long row, int to) {
        long rowBytes = (long) n * Float.BYTES;
        FloatVector s0 = FloatVector.zero(FLOATS);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int c = 0; c < whole; c += FLOATS.length()) {
            FloatVector y = FloatVector.fromArray(FLOATS, few, from + c);
            s0 = load(row + (long) c * Float.BYTES).fma(y, s0);
            s1 = load(row + 1 * rowBytes + (long) c * Float.BYTES).fma(y, s1);
            s2 = load(row + 2 * rowBytes + (long) c * Float.BYTES).fma(y, s2);
            s3 = load(row + 3 * rowBytes + (long) c * Float.BYTES).fma(y, s3);
        }
        out[to] = sum(s0);
        out[to + 1] = sum(s1);
        out[to + 2] = sum(s2);
        out[to + 3] = sum(s3);
        if (whole < n) {
            rest(from, row, TILE, to);
        }
    }

    private void single(int from, long row, int to) {
        FloatVector s = FloatVector.zero(FLOATS);
        for (int c = 0; c < whole; c += FLOATS.length()) {
            FloatVector y = FloatVector.fromArray(FLOATS, few, from + c);
            s = load(row + (long) c * Float.BYTES).fma(y, s);
        }
        out[to] = sum(s);
        if (whole < n) {
            rest(from, row, 1, to);
        }
    }

    private FloatVector load(long at) {
        return FloatVector.fromMemorySegment(FLOATS, many, at, ORDER);
    }

    /** Adds the part of a row's products beyond the last whole vector. */
    private void rest(int from, long row, int count, int to) {
        for (int m = 0; m < count; m++) {
            float sum = out[to + m];
            for (int c = whole; c < n; c++) {
                sum += few[from + c] * many.get(FLOAT, row + ((long) m * n + c) * Float.BYTES);
            }
            out[to + m] = sum;
        }
    }

    /** The sum of all lanes, half added to half. */
    private static float sum(FloatVector vector) {
        FloatVector sum = vector;
        if (FLOATS.length() > 8) {
            sum = sum.add(sum.rearrange(BY_8));
        }
        if (FLOATS.length() > 4) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        if (FLOATS.length() > 2) {
            sum = sum.add(sum.rearrange(BY_2));
        }
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    private static VectorShuffle<Float> rotated(int by) {
        return VectorShuffle.fromOp(FLOATS, i -> (i + by) % FLOATS.length());
    }
}
