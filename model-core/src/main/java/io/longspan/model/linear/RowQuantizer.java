package io.longspan.model.linear;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rounds rows of float32 to 8 bits with a scale per row. Needs the module {@code
 * jdk.incubator.vector}; the answer does not depend on the width of the vectors.
 */
final class RowQuantizer {
    /** The largest code; -128 is not used, so that a row and its negative round alike. */
    static final int LARGEST = 127;

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() < 8
                    ? FloatVector.SPECIES_256
                    : FloatVector.SPECIES_PREFERRED;

    private static final VectorSpecies<Integer> BITS = FLOATS.withLanes(int.class);

    /** All of a float but its sign. */
    private static final int MAGNITUDE = Integer.MAX_VALUE;

    /** As many bytes as there are floats in a vector. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(FLOATS.length() * Byte.SIZE));

    /** 1.5 * 2^23: adding it leaves no bits for a fraction, rounding to the nearest even. */
    private static final float ROUNDER = 0x1.8p23f;

    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private RowQuantizer() {}

    /**
     * Rounds one row.
     *
     * @param row float32
     * @param at byte where it begins
     * @param length numbers
     * @param codes takes the 8-bit numbers
     * @param codesAt byte where they begin
     * @return the scale: number = code * scale; NaN when a number is NaN or infinite
     */
    static float quantize(
            MemorySegment row, long at, int length, MemorySegment codes, long codesAt) {
        float largest = largest(row, at, length);
        if (!(largest <= Float.MAX_VALUE)) {
            codes.asSlice(codesAt, length).fill((byte) 0);
            return Float.NaN;
        }
        float scale = largest / LARGEST;
        // Below the smallest normal number the quotient would overflow; such a row rounds to zeros.
        float inverse = largest < Float.MIN_NORMAL * LARGEST ? 0 : LARGEST / largest;
        int column = 0;
        for (; column < FLOATS.loopBound(length); column += FLOATS.length()) {
            FloatVector.fromMemorySegment(FLOATS, row, at + (long) column * Float.BYTES, ORDER)
                    .mul(inverse)
                    .add(ROUNDER)
                    .sub(ROUNDER)
                    .convertShape(VectorOperators.F2B, BYTES, 0)
                    .reinterpretAsBytes()
                    .intoMemorySegment(codes, codesAt + column, ORDER);
        }
        for (; column < length; column++) {
            float scaled = row.get(FLOAT, at + (long) column * Float.BYTES) * inverse;
            float rounded = scaled + ROUNDER - ROUNDER;
            codes.set(ValueLayout.JAVA_BYTE, codesAt + column, (byte) rounded);
        }
        return scale;
    }

    /**
     * The largest magnitude of a row; NaN when there is one. Bits of magnitudes are in the order of
     * the magnitudes, those of NaN above all; their maximum is one instruction, that of floats six.
     */
    private static float largest(MemorySegment row, long at, int length) {
        IntVector most = IntVector.zero(BITS);
        IntVector more = IntVector.zero(BITS);
        int step = BITS.length();
        int column = 0;
        for (; column + 2 * step <= length; column += 2 * step) {
            long place = at + (long) column * Float.BYTES;
            most = most.max(IntVector.fromMemorySegment(BITS, row, place, ORDER).and(MAGNITUDE));
            more =
                    more.max(
                            IntVector.fromMemorySegment(
                                            BITS, row, place + (long) step * Float.BYTES, ORDER)
                                    .and(MAGNITUDE));
        }
        int largest = most.max(more).reduceLanes(VectorOperators.MAX);
        for (; column < length; column++) {
            largest = Math.max(largest, row.get(INT, at + (long) column * Float.BYTES) & MAGNITUDE);
        }
        return Float.intBitsToFloat(largest);
    }
}
