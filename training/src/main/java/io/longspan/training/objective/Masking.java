package io.longspan.training.objective;

import io.longspan.attention.Philox;

/**
 * Which tokens are to be guessed and what stands in their place: a function of the seed, the step,
 * the sample and the position.
 *
 * @param seed of the run
 * @param share of the tokens to be guessed
 * @param maskShare of those, replaced by the mask token
 * @param randomShare of those, replaced by a random token
 * @param maskId id of the mask token
 * @param vocabulary ids from which a random token is drawn, special ones included
 */
public record Masking(
        long seed, double share, double maskShare, double randomShare, int maskId, int vocabulary) {
    /** The step of held-out blocks, whose masks never change. */
    public static final long HELD_OUT = -1;

    private static final int STEP = 17;
    private static final int SAMPLE = 18;
    private static final double WORDS = 1L << 32;

    /**
     * Hides tokens.
     *
     * @param ids of one sequence, changed
     * @param special ids that are never chosen, by id
     * @return whether each position is to be guessed
     */
    public boolean[] hide(long step, long sample, long[] ids, boolean[] special) {
        long key = Philox.derive(Philox.derive(seed, step, STEP), sample, SAMPLE);
        boolean[] chosen = new boolean[ids.length];
        int[] words = new int[4];
        for (int position = 0; position < ids.length; position++) {
            if (special[(int) ids[position]]) {
                continue;
            }
            Philox.draw(key, position, 0, 0, 0, words);
            if (unit(words[0]) < share) {
                chosen[position] = true;
                double action = unit(words[1]);
                if (action < maskShare) {
                    ids[position] = maskId;
                } else if (action < maskShare + randomShare) {
                    ids[position] = (Integer.toUnsignedLong(words[2]) * vocabulary) >>> 32;
                }
            }
        }
        return chosen;
    }

    private static double unit(int word) {
        return Integer.toUnsignedLong(word) / WORDS;
    }
}
