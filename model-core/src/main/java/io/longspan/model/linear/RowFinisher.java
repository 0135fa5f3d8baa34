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

    private static final float ROOT_HALF = 0.70710677f;

    /** From here on the error function is 1 in float32. */
    private static final float FAR = 3.832507f;

    // erf(x) = x P(x^2) / Q(x^2), off by less than 4e-7 up to FAR.
    private static final float P4 = 2.2905065e-4f;
    private static final float P3 = 3.408291e-3f;
    private static final float P2 = 0.050955694f;
    private static final float P1 = 0.18520832f;
    private static final float P0 = 1.1283791f;
    private static final float Q6 = -1.1791603e-7f;
    private static final float Q5 = 2.3547966e-5f;
    private static final float Q4 = 1.0179626e-3f;
    private static final float Q3 = 0.01407047f;
    private static final float Q2 = 0.11098505f;
    private static final float Q1 = 0.49746925f;

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

    private static FloatVector gelu(FloatVector x) {
        FloatVector z = x.mul(ROOT_HALF).min(FAR).max(-FAR);
        FloatVector square = z.mul(z);
        FloatVector above = fma(broadcast(P4), square, P3);
        above = fma(above, square, P2);
        above = fma(above, square, P1);
        above = fma(above, square, P0);
        FloatVector below = fma(broadcast(Q6), square, Q5);
        below = fma(below, square, Q4);
        below = fma(below, square, Q3);
        below = fma(below, square, Q2);
        below = fma(below, square, Q1);
        below = fma(below, square, 1);
        FloatVector erf = z.mul(above).div(below).min(1).max(-1);
        FloatVector half = x.mul(0.5f);
        return half.fma(erf, half);
    }

    private static FloatVector fma(FloatVector sum, FloatVector square, float next) {
        return sum.fma(square, broadcast(next));
    }

    private static FloatVector broadcast(float number) {
        return FloatVector.broadcast(FLOATS, number);
    }
}
