package io.longspan.training.objective;

import java.util.List;

/** Makes batches of blocks of a data set. */
interface BlockBatches {
    /** Tokens of the data set in a block; its sequence has special ones besides. */
    int content();

    /** The batches of the given blocks; a batch without anything to guess is left out. */
    List<Feed.Sample> batches(long step, int[] blocks);

    /**
     * How many characters the tokens to be guessed of some blocks stand for, or 0 when it is not
     * known or not wanted.
     */
    long characters(int[] blocks);
}
