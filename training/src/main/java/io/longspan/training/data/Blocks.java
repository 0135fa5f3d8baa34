package io.longspan.training.data;

import io.longspan.attention.Philox;
import io.longspan.model.ModelInputException;
import io.longspan.training.config.TrainingConfig;
import java.util.Arrays;

/**
 * The blocks of a data set: neighbouring tokens, whole documents or parts of them, the last partial
 * block left out. Some are held out, evenly spread; the others are shuffled anew for each epoch.
 */
public final class Blocks {
    private static final int ORDER = 16;

    private final int[] training;
    private final int[] heldOut;
    private final long seed;

    private Blocks(int[] training, int[] heldOut, long seed) {
        this.training = training;
        this.heldOut = heldOut;
        this.seed = seed;
    }

    /**
     * Cuts.
     *
     * @param content tokens of a block
     * @throws ModelInputException when there is not a block to train on, or none to hold out though
     *     some are asked for
     */
    public static Blocks of(long tokens, int content, TrainingConfig config) {
        long count = tokens / content;
        int held = (int) Math.ceil(count * config.looks().share() - 1e-9);
        if (count - held < 1 || count > Integer.MAX_VALUE - 8) {
            throw new ModelInputException(
                    "the data set has "
                            + tokens
                            + " tokens, which is "
                            + count
                            + " whole blocks of "
                            + content
                            + " of which "
                            + held
                            + " are held out; between 1 and 2^31 have to be left to train on, so use more data or another sequence_length");
        }
        int[] training = new int[(int) (count - held)];
        int[] heldOut = new int[held];
        int t = 0;
        int h = 0;
        for (int block = 0; block < count; block++) {
            if ((block + 1L) * held / count > (long) block * held / count) {
                heldOut[h++] = block;
            } else {
                training[t++] = block;
            }
        }
        return new Blocks(training, heldOut, config.seed());
    }

    /**
     * Cuts a data set that is only measured.
     *
     * @param content tokens of a block
     * @throws ModelInputException when there is not one block
     */
    public static Blocks allHeldOut(long tokens, int content) {
        long count = tokens / content;
        if (count < 1 || count > Integer.MAX_VALUE - 8) {
            throw new ModelInputException(
                    "the data set has "
                            + tokens
                            + " tokens, which is "
                            + count
                            + " whole blocks of "
                            + content
                            + "; there must be between 1 and 2^31, so use another sequence_length");
        }
        int[] all = new int[(int) count];
        Arrays.setAll(all, i -> i);
        return new Blocks(new int[0], all, 0);
    }

    /** Blocks to train on. */
    public int trainingCount() {
        return training.length;
    }

    /** Held-out blocks, ascending, at most so many, evenly spread. */
    public int[] heldOut(int most) {
        int count = Math.min(most, heldOut.length);
        int[] some = new int[count];
        Arrays.setAll(some, i -> heldOut[(int) ((long) i * heldOut.length / count)]);
        return some;
    }

    /** The block of the n-th sample of the run, counted from 0. */
    public int sample(long n) {
        long epoch = n / training.length;
        Permutation order = new Permutation(Philox.derive(seed, epoch, ORDER), training.length);
        return training[order.at((int) (n % training.length))];
    }
}
