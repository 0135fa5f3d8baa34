package io.longspan.model.convert;

import io.longspan.attention.Philox;

/**
 * Standard normal numbers by index: Box-Muller over Philox, two numbers from 64 random bits each,
 * two per draw.
 */
final class NormalDraw {
    private final long key;
    private final int[] words = new int[4];
    private final double[] pair = new double[2];
    private long drawn = -1;

    NormalDraw(long key) {
        this.key = key;
    }

    /** The number at an index, 0 or more; the same for the same key and index. */
    double at(long index) {
        long draw = index >> 1;
        if (draw != drawn) {
            Philox.draw(key, (int) draw, (int) (draw >>> 32), 0, 0, words);
            double radius = Math.sqrt(-2 * StrictMath.log(uniform(words[0], words[1])));
            double angle = 2 * Math.PI * uniform(words[2], words[3]);
            pair[0] = radius * StrictMath.cos(angle);
            pair[1] = radius * StrictMath.sin(angle);
            drawn = draw;
        }
        return pair[(int) (index & 1)];
    }

    /** 53 random bits as a number above 0 and at most 1. */
    private static double uniform(int low, int high) {
        long bits = (Integer.toUnsignedLong(low) | (long) high << 32) >>> 11;
        return (bits + 1) * 0x1p-53;
    }
}
