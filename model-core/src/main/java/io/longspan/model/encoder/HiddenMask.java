package io.longspan.model.encoder;

import io.longspan.attention.Philox;

/**
 * The dropout mask of one sequence's hidden states in one place of the model and step.
 *
 * <p>Definition: {@code word = philox(key, counter)[(column >> 1) & 3]} with {@code counter =
 * (column >>> 3, row, sampleHigh16 << 16, sampleLow32)}, where row is the token's index in its
 * sequence and the key comes from {@link DropoutDraw}; the 16 bits {@code word >>> (16 * (column &
 * 1))} are a uniform number, used as {@link io.longspan.attention.DropoutMask} uses it.
 */
public final class HiddenMask {
    private static final int COLUMNS_PER_DRAW = 8;
    private static final int LEVELS = 1 << 16;

    private final long key;
    private final int sampleLow;
    private final int sampleHigh;
    private final int threshold;
    private final float keepScale;

    /** Where hidden states are dropped; each place has masks of its own. */
    public enum Site {
        /** The sum of the embeddings, normalised. */
        EMBEDDINGS(0),
        /** What attention adds to a token, after its output projection. */
        ATTENTION_OUTPUT(1),
        /** What the feed-forward part adds to a token. */
        FEED_FORWARD_OUTPUT(2),
        /** What a task head reads. */
        HEAD_INPUT(3),
        /** What a task head's last product reads. */
        HEAD_INNER(4);

        private final int code;

        Site(int code) {
            this.code = code;
        }

        /** The number of the place in the derivation of its key. */
        int code() {
            return code;
        }
    }

    HiddenMask(long key, long sampleId, double rate) {
        this.key = key;
        sampleLow = (int) sampleId;
        sampleHigh = (int) (sampleId >>> 32) << 16;
        threshold = rate == 0 ? 0 : Math.clamp(Math.round(rate * LEVELS), 1, LEVELS - 1);
        keepScale = LEVELS / (float) (LEVELS - threshold);
    }

    /**
     * Writes the factors of one token: 0 where a number is dropped, else the inverse of the kept
     * share.
     *
     * @param row index of the token in its sequence
     * @param out receives N factors from {@code at} on
     */
    public void factors(int row, int columns, float[] out, int at) {
        int[] words = new int[4];
        for (int column = 0; column < columns; column++) {
            if (column % COLUMNS_PER_DRAW == 0) {
                Philox.draw(key, column >>> 3, row, sampleHigh, sampleLow, words);
            }
            int u = (words[(column >> 1) & 3] >>> (16 * (column & 1))) & 0xFFFF;
            out[at + column] = u < threshold ? 0 : keepScale;
        }
    }
}
