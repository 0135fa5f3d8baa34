package io.longspan.attention.cuda;

import io.longspan.attention.ElementType;

/** Numbers of 16 bits. */
final class Halves {
    private Halves() {}

    /** The bits of the nearest number of a type. */
    static short bits(ElementType type, float number) {
        if (type == ElementType.FP16) {
            return Float.floatToFloat16(number);
        }
        int bits = Float.floatToRawIntBits(number);
        return (short) ((bits + 0x7FFF + (bits >>> 16 & 1)) >>> 16);
    }

    static float number(ElementType type, short bits) {
        return type == ElementType.FP16
                ? Float.float16ToFloat(bits)
                : Float.intBitsToFloat(bits << 16);
    }

    /** Rounds every number to the type, so that an oracle starts from what the kernels read. */
    static void round(ElementType type, float[] numbers) {
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(type, bits(type, numbers[i]));
        }
    }
}
