package io.longspan.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies stored real numbers into float32 of the machine's byte order. */
final class FloatCopy {
    private static final ValueLayout.OfFloat TARGET = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private FloatCopy() {}

    static void copy(DType dtype, MemorySegment from, MemorySegment to, long count) {
        switch (dtype) {
            case F32 -> MemorySegment.copy(from, LittleEndian.FLOAT, 0, to, TARGET, 0, count);
            case F16 -> {
                for (long i = 0; i < count; i++) {
                    short bits = from.get(LittleEndian.SHORT, 2 * i);
                    to.set(TARGET, 4 * i, Float.float16ToFloat(bits));
                }
            }
            case BF16 -> {
                for (long i = 0; i < count; i++) {
                    short bits = from.get(LittleEndian.SHORT, 2 * i);
                    to.set(TARGET, 4 * i, Float.intBitsToFloat(bits << 16));
                }
            }
            case F64 -> {
                for (long i = 0; i < count; i++) {
                    to.set(TARGET, 4 * i, (float) from.get(LittleEndian.DOUBLE, 8 * i));
                }
            }
            case I64, I32, I16, I8, U64, U32, U16, U8, BOOL, F8_E4M3, F8_E5M2 ->
                    throw new IllegalArgumentException(dtype + " holds no real numbers");
        }
    }
}
