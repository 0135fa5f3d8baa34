package io.longspan.training.data;

import io.longspan.attention.Philox;
import io.longspan.model.ModelInputException;
import java.util.Arrays;

/**
 * The sequences of a data set by number. Some are held out, evenly spread; the others are shuffled
 * anew for each epoch.
 */
final class Blocks {
    private static final int ORDER = 16;

    private final int[] training;
    private final int[] heldOut;
    private final long key;

    private Blocks(int[] training, int[] heldOut, long key) {
        this.training = training;
        this.heldOut = heldOut;
        this.key = key;
    }

    /**
     * Divides.
     *
     * @param count of the sequences
     * @param content most tokens of one, for the message
     * @param share that is held out
     * @param key of the order
     * @throws ModelInputException when there is no sequence to train on
     */
    static Blocks of(int count, int content, double share, long key) {
        int held = (int) Math.ceil(count * share - 1e-9);
        if (count - held < 1) {
            throw new ModelInputException(
                    "the data set is cut into "
                            + count
                            + " sequences of at most "
                            + content
                            + " tokens of which "
                            + held
                            + " are held out; at least one has to be left to train on, so use more data or another sequence_length");
        }
        int[] training = new int[count - held];
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
        return new Blocks(training, heldOut, key);
    }

    /**
     * The sequences of a data set that is only measured.
     *
     * @throws ModelInputException when there is none
     */
    static Blocks allHeldOut(int count, int content) {
        if (count < 1) {
            throw new ModelInputException(
                    "the data set is cut into 0 sequences of at most "
                            + content
                            + " tokens; there must be one at least, so use more data or another sequence_length");
        }
        int[] all = new int[count];
        Arrays.setAll(all, i -> i);
        return new Blocks(new int[0], all, 0);
    }

    /** Held-out sequences, ascending, at most so many, evenly spread. */
    int[] heldOut(int most) {
        int count = Math.min(most, heldOut.length);
        int[] some = new int[count];
        Arrays.setAll(some, i -> heldOut[(int) ((long) i * heldOut.length / count)]);
        return some;
    }

    /** The n-th that the run reads, counted from 0. */
    int sample(long n) {
        long epoch = n / training.length;
        Permutation order = new Permutation(Philox.derive(key, epoch, ORDER), training.length);
        return training[order.at((int) (n % training.length))];
    }
}
