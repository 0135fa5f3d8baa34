package io.longspan.attention;

/**
 * The dropout mask of one sequence in one layer and step.
 *
 * <p>Definition, which device code has to reproduce bit for bit: {@code word = philox(key,
 * counter)[(k >> 1) & 3]} with {@code counter = (k >>> 3, row, head | sampleHigh16 << 16,
 * sampleLow32)}, where row and k are indices in the sequence and {@code key} comes from {@link
 * AttentionDropout}; the 16 bits {@code word >>> (16 * (k & 1))} are a uniform number u in
 * 0..65535; the probability is dropped when {@code u < round(rate * 65536)} and otherwise
 * multiplied by {@code 65536 / (65536 - round(rate * 65536))}. One draw serves eight neighbouring
 * keys.
 *
 * <p>Not safe for use by several threads at once (it reuses a buffer); make one per thread.
 */
public final class DropoutMask {
    private static final int KEYS_PER_DRAW = 8;
    private static final int LEVELS = 1 << 16;

    private final long key;
    private final int sampleLow;
    private final int sampleHigh;
    private final int threshold;
    private final float keepScale;
    private final int[] words = new int[4];

    DropoutMask(long key, long sampleId, float rate) {
        this.key = key;
        sampleLow = (int) sampleId;
        sampleHigh = (int) (sampleId >>> 32) << 16;
        threshold = rate == 0 ? 0 : Math.clamp(Math.round(rate * LEVELS), 1, LEVELS - 1);
        keepScale = LEVELS / (float) (LEVELS - threshold);
    }

    /**
     * The factor on the probability of (head, row, keyIndex): 0 when dropped, else the inverse of
     * the kept share.
     */
    public float factor(int head, int row, int keyIndex) {
        draw(head, row, keyIndex >>> 3);
        return pick(keyIndex);
    }

    /**
     * Writes the factors of {@code count} neighbouring keys from {@code firstKey} on into {@code
     * out} at {@code at}.
     */
    public void factors(int head, int row, int firstKey, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) {
            int keyIndex = firstKey + i;
            if (i == 0 || keyIndex % KEYS_PER_DRAW == 0) {
                draw(head, row, keyIndex >>> 3);
            }
            out[at + i] = pick(keyIndex);
        }
    }

    /** The numbers that the draws of one head are made from. */
    public DropoutDraws draws(int head) {
        return new DropoutDraws(key, head | sampleHigh, sampleLow, threshold, keepScale);
    }

    private void draw(int head, int row, int block) {
        Philox.draw(key, block, row, head | sampleHigh, sampleLow, words);
    }

    private float pick(int keyIndex) {
        int u = (words[(keyIndex >> 1) & 3] >>> (16 * (keyIndex & 1))) & 0xFFFF;
        return u < threshold ? 0 : keepScale;
    }
}
