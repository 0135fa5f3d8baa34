package io.longspan.training.data;

import io.longspan.attention.Philox;

/**
 * A shuffle of 0 to n-1 without memory: four Feistel rounds over the next even number of bits,
 * repeated until the result is in range.
 */
public final class Permutation {
    private static final int ROUNDS = 4;

    private final long key;
    private final int size;
    private final int halfBits;

    public Permutation(long key, int size) {
        this.key = key;
        this.size = size;
        int bits = Math.max(2, 32 - Integer.numberOfLeadingZeros(size - 1));
        halfBits = (bits + 1) / 2;
    }

    /** Where an index goes. */
    public int at(int index) {
        int[] words = new int[4];
        int mask = (1 << halfBits) - 1;
        int value = index;
        do {
            int left = value >>> halfBits;
            int right = value & mask;
            for (int round = 0; round < ROUNDS; round++) {
                Philox.draw(key, right, round, 0, 0, words);
                int next = left ^ (words[0] & mask);
                left = right;
                right = next;
            }
            value = left << halfBits | right;
        } while (Integer.compareUnsigned(value, size) >= 0);
        return value;
    }
}
