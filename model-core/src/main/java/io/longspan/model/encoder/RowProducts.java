package io.longspan.model.encoder;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products of a few rows in Java arrays with many rows in raw memory, for {@link RawGlobalRows}.
 * Needs the module {@code jdk.incubator.vector}. Sums run in a fixed order, so that the
 * interpreter, which adds up a vector in another one than compiled code, gives the same bits.
 */
final class RowProducts {
    /** Rows of the few that share what is read of the many. */
    private static final int FEW = 4;

    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private RowProducts() {}

    /** Whether the module is there. */
    static boolean available() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /**
     * Inner products: {@code out[outAt + f * stride + m] = few[f] . many[m]}.
     *
     * @param few [count, n] from {@code fewAt} on
     * @param many float32, [rows, n] from byte {@code manyAt} on
     */
    static void dots(
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
        float[] lanes = new float[FLOATS.length()];
        int whole = FLOATS.loopBound(n);
        int f = 0;
        for (; f + FEW <= count; f += FEW) {
            int a = fewAt + f * n;
            for (int m = 0; m < rows; m++) {
                long row = manyAt + (long) m * n * Float.BYTES;
                FloatVector s0 = FloatVector.zero(FLOATS);
                FloatVector s1 = s0;
                FloatVector s2 = s0;
                FloatVector s3 = s0;
                for (int c = 0; c < whole; c += FLOATS.length()) {
                    FloatVector x =
                            FloatVector.fromMemorySegment(
                                    FLOATS, many, row + (long) c * Float.BYTES, ORDER);
                    s0 = x.fma(FloatVector.fromArray(FLOATS, few, a + c), s0);
                    s1 = x.fma(FloatVector.fromArray(FLOATS, few, a + n + c), s1);
                    s2 = x.fma(FloatVector.fromArray(FLOATS, few, a + 2 * n + c), s2);
                    s3 = x.fma(FloatVector.fromArray(FLOATS, few, a + 3 * n + c), s3);
                }
                int to = outAt + f * stride + m;
                out[to] = sum(s0, lanes) + rest(few, a, many, row, whole, n);
                out[to + stride] = sum(s1, lanes) + rest(few, a + n, many, row, whole, n);
                out[to + 2 * stride] = sum(s2, lanes) + rest(few, a + 2 * n, many, row, whole, n);
                out[to + 3 * stride] = sum(s3, lanes) + rest(few, a + 3 * n, many, row, whole, n);
            }
        }
        for (; f < count; f++) {
            int a = fewAt + f * n;
            for (int m = 0; m < rows; m++) {
                long row = manyAt + (long) m * n * Float.BYTES;
                FloatVector s = FloatVector.zero(FLOATS);
                for (int c = 0; c < whole; c += FLOATS.length()) {
                    s =
                            FloatVector.fromMemorySegment(
                                            FLOATS, many, row + (long) c * Float.BYTES, ORDER)
                                    .fma(FloatVector.fromArray(FLOATS, few, a + c), s);
                }
                out[outAt + f * stride + m] = sum(s, lanes) + rest(few, a, many, row, whole, n);
            }
        }
    }

    /** The part of an inner product beyond the last whole vector. */
    private static float rest(
            float[] few, int fewAt, MemorySegment many, long row, int whole, int n) {
        float sum = 0;
        for (int c = whole; c < n; c++) {
            sum += few[fewAt + c] * many.get(FLOAT, row + (long) c * Float.BYTES);
        }
        return sum;
    }

    private static float sum(FloatVector vector, float[] lanes) {
        vector.intoArray(lanes, 0);
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }

    /**
     * Weighted sums of rows: {@code sums[f] += sum over m of factors[factorsAt + f * stride + m] *
     * many[m]}.
     *
     * @param many float32, [rows, n] from byte {@code manyAt} on
     * @param sums [count, n] from {@code sumsAt} on
     */
    static void accumulate(
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
        int whole = FLOATS.loopBound(n);
        for (int c = 0; c < whole; c += FLOATS.length()) {
            long column = manyAt + (long) c * Float.BYTES;
            int f = 0;
            for (; f + FEW <= count; f += FEW) {
                int to = sumsAt + f * n + c;
                int p = factorsAt + f * stride;
                FloatVector s0 = FloatVector.fromArray(FLOATS, sums, to);
                FloatVector s1 = FloatVector.fromArray(FLOATS, sums, to + n);
                FloatVector s2 = FloatVector.fromArray(FLOATS, sums, to + 2 * n);
                FloatVector s3 = FloatVector.fromArray(FLOATS, sums, to + 3 * n);
                for (int m = 0; m < rows; m++) {
                    FloatVector x =
                            FloatVector.fromMemorySegment(
                                    FLOATS, many, column + (long) m * n * Float.BYTES, ORDER);
                    s0 = x.fma(FloatVector.broadcast(FLOATS, factors[p + m]), s0);
                    s1 = x.fma(FloatVector.broadcast(FLOATS, factors[p + stride + m]), s1);
                    s2 = x.fma(FloatVector.broadcast(FLOATS, factors[p + 2 * stride + m]), s2);
                    s3 = x.fma(FloatVector.broadcast(FLOATS, factors[p + 3 * stride + m]), s3);
                }
                s0.intoArray(sums, to);
                s1.intoArray(sums, to + n);
                s2.intoArray(sums, to + 2 * n);
                s3.intoArray(sums, to + 3 * n);
            }
            for (; f < count; f++) {
                int to = sumsAt + f * n + c;
                int p = factorsAt + f * stride;
                FloatVector s = FloatVector.fromArray(FLOATS, sums, to);
                for (int m = 0; m < rows; m++) {
                    s =
                            FloatVector.fromMemorySegment(
                                            FLOATS,
                                            many,
                                            column + (long) m * n * Float.BYTES,
                                            ORDER)
                                    .fma(FloatVector.broadcast(FLOATS, factors[p + m]), s);
                }
                s.intoArray(sums, to);
            }
        }
        for (int f = 0; f < count; f++) {
            for (int c = whole; c < n; c++) {
                float sum = sums[sumsAt + f * n + c];
                for (int m = 0; m < rows; m++) {
                    sum +=
                            factors[factorsAt + f * stride + m]
                                    * many.get(FLOAT, manyAt + ((long) m * n + c) * Float.BYTES);
                }
                sums[sumsAt + f * n + c] = sum;
            }
        }
    }
}
