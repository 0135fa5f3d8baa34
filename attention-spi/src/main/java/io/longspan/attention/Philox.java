package io.longspan.attention;

/**
 * Philox4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as
 * 1, 2, 3" (SC 2011).
 *
 * <p>A pure function from a 64-bit key and a 128-bit counter to 128 random bits: no state, so any
 * thread, tile or device can draw any number at any time and gets the same one.
 */
public final class Philox {
    private static final int MULTIPLIER_0 = 0xD2511F53;
    private static final int MULTIPLIER_1 = 0xCD9E8D57;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /**
     * Draws four words.
     *
     * @param key low word in the low half
     * @param counter0 least significant counter word, and so on upwards
     * @param out receives the four words at indices 0 to 3
     */
    public static void draw(
            long key, int counter0, int counter1, int counter2, int counter3, int[] out) {
        int c0 = counter0;
        int c1 = counter1;
        int c2 = counter2;
        int c3 = counter3;
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = Integer.toUnsignedLong(MULTIPLIER_0) * Integer.toUnsignedLong(c0);
            long product1 = Integer.toUnsignedLong(MULTIPLIER_1) * Integer.toUnsignedLong(c2);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        out[0] = c0;
        out[1] = c1;
        out[2] = c2;
        out[3] = c3;
    }

    /**
     * Derives a key for an independent purpose: the first two words drawn from {@code key} at the
     * given counter.
     */
    public static long derive(long key, long counter, int purpose) {
        int[] words = new int[4];
        draw(key, (int) counter, (int) (counter >>> 32), purpose, 0, words);
        return Integer.toUnsignedLong(words[0]) | (long) words[1] << 32;
    }
}
