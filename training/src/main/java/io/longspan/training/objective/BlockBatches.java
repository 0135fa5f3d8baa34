package io.longspan.training.objective;

import java.util.List;

/** Makes batches of sequences of data sets. */
interface BlockBatches {
    /** The batches of the given sequences; a batch without anything to guess is left out. */
    List<Feed.Sample> batches(long step, int[] sequences);

    /**
     * How many characters the tokens to be guessed of some sequences stand for, or 0 when it is not
     * known or not wanted.
     */
    long characters(int[] sequences);
}
