package io.longspan.training.data;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of a data set, one document after the other, each ending with the end-of-sequence id,
 * without other special tokens. Read by one thread.
 */
public interface TokenSource {
    /** Number of tokens. */
    long tokens();

    /**
     * Reads neighbouring tokens.
     *
     * @param offset of the first, from 0
     * @param length how many; offset + length is at most {@link #tokens()}
     * @return their ids, [length]
     */
    int[] read(long offset, int length);

    /**
     * What tells this data set from any other, such as a digest; a run is only resumed on the data
     * set it began with.
     */
    String identity();

    /**
     * Number of ids of the tokenizer that made the data set, or 0 when it is not known; then every
     * token is looked at before training.
     */
    default int vocabulary() {
        return 0;
    }

    /**
     * The digest of the tokenizer that made the data set, as {@code CorpusTokenizer} gives it, or
     * empty when it is not known.
     */
    default String tokenizerDigest() {
        return "";
    }

    /** The borders of the documents, or null when they are not known. */
    default @Nullable Documents documents() {
        return null;
    }

    /** The id that ends each document, or -1 when it is not known. */
    default int separator() {
        return -1;
    }
}
