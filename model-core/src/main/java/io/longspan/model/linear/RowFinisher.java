package io.longspan.model.linear;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * What follows the product of an int8 layer, on rows that are still in the cache: the row's scale,
 * the bias, and the {@link Finish}. oneDNN can do it, too, but reads a scale per row and a bias
 * after it as whole arrays, which took a fifth of a projection's time. Needs the module {@code
 * jdk.incubator.vector}; the answer does not depend on the width of the vectors.
 *
 * @param bias of the panel, [width]
 */
record RowFinisher(Finish finish, MemorySegment bias) {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    /** From here on GELU is x or 0, off by less than 2e-5. */
    private static final float FAR = 4.5f;

    private static final int FAR_BITS = Float.floatToRawIntBits(FAR);

    /** Leads from the square of a number up to FAR to -1 ... 1. */
    private static final float TO_UNIT = 2 / (FAR * FAR);

    // (Phi(x) - 1/2) / x over that range, by least largest error of GELU; exact at FAR.
    private static final float P9 = -9.4959e-4f;
    private static final float P8 = 4.2301e-3f;
    private static final float P7 = -7.78258e-3f;
    private static final float P6 = 0.01081955f;
    private static final float P5 = -0.01752289f;
    private static final float P4 = 0.0282956f;
    private static final float P3 = -0.04042757f;
    private static final float P2 = 0.05472055f;
    private static final float P1 = -0.07717631f;
    private static final float P0 = 0.15690424f;

    /**
     * Finishes a row in place.
     *
     * @param row products in float32
     * @param at byte where they begin
     * @param width numbers
     * @param scale of the row
     * @param residual what is added with {@link Finish#ADD}, at the same byte; null otherwise
     */
    void apply(
            MemorySegment row, long at, int width, float scale, @Nullable MemorySegment residual) {
        int whole = FLOATS.loopBound(width);
        // A loop each: C2 keeps the numbers in registers only where nothing is asked in between.
        if (residual != null) {
            for (int column = 0; column < whole; column += FLOATS.length()) {
                long byteAt = at + (long) column * Float.BYTES;
                sum(row, at, column, scale)
                        .add(FloatVector.fromMemorySegment(FLOATS, residual, byteAt, ORDER))
                        .intoMemorySegment(row, byteAt, ORDER);
            }
        } else if (finish == Finish.GELU) {
            for (int column = 0; column < whole; column += FLOATS.length()) {
                gelu(sum(row, at, column, scale))
                        .intoMemorySegment(row, at + (long) column * Float.BYTES, ORDER);
            }
        } else {
            for (int column = 0; column < whole; column += FLOATS.length()) {
                sum(row, at, column, scale)
                        .intoMemorySegment(row, at + (long) column * Float.BYTES, ORDER);
            }
        }
        if (whole < width) {
            rest(row, at, whole, width, scale, residual);
        }
    }

    private FloatVector sum(MemorySegment row, long at, int column, float scale) {
        long byteAt = (long) column * Float.BYTES;
        return FloatVector.fromMemorySegment(FLOATS, row, at + byteAt, ORDER)
                .fma(broadcast(scale), FloatVector.fromMemorySegment(FLOATS, bias, byteAt, ORDER));
    }

    /** The columns after the last whole vector. */
    private void rest(
            MemorySegment row,
            long at,
            int column,
            int width,
            float scale,
            @Nullable MemorySegment residual) {
        VectorMask<Float> in = FLOATS.indexInRange(column, width);
        long own = (long) column * Float.BYTES;
        long byteAt = at + own;
        FloatVector sum =
                FloatVector.fromMemorySegment(FLOATS, row, byteAt, ORDER, in)
                        .fma(
                                broadcast(scale),
                                FloatVector.fromMemorySegment(FLOATS, bias, own, ORDER, in));
        FloatVector finished =
                residual != null
                        ? sum.add(
                                FloatVector.fromMemorySegment(FLOATS, residual, byteAt, ORDER, in))
                        : finish == Finish.GELU ? gelu(sum) : sum;
        finished.intoMemorySegment(row, byteAt, ORDER, in);
    }

    /**
     * x/2 + |x| (Phi(|x|) - 1/2), within 2e-5, far out within 1e-7 of x: a four-hundredth of the
     * step to which the rows of the next layer are rounded when their largest number is 1. Integers
     * compare like positive floats, in one instruction; the minimum of floats takes six, for the
     * sake of NaN.
     */
    private static FloatVector gelu(FloatVector x) {
        FloatVector size = x.abs();
        FloatVector near =
                size.reinterpretAsInts().min(FAR_BITS).reinterpretAsFloats(); // NaN: x is left
        FloatVector u = near.mul(near).fma(broadcast(TO_UNIT), broadcast(-1));
        FloatVector p = fma(broadcast(P9), u, P8);
        p = fma(p, u, P7);
        p = fma(p, u, P6);
        p = fma(p, u, P5);
        p = fma(p, u, P4);
        p = fma(p, u, P3);
        p = fma(p, u, P2);
        p = fma(p, u, P1);
        p = fma(p, u, P0);
        return size.fma(near.mul(p), x.mul(0.5f));
    }

    private static FloatVector fma(FloatVector sum, FloatVector square, float next) {
        return sum.fma(square, broadcast(next));
    }

    private static FloatVector broadcast(float number) {
        return FloatVector.broadcast(FLOATS, number);
    }
}
