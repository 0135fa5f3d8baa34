package io.longspan.training.data;

/** The borders of the documents of a {@link TokenSource}. */
public interface Documents {
    /** Number of documents. */
    long count();

    /** The place of a document's first token. */
    long start(long document);

    /** Tokens of a document, the end-of-sequence id at its end included; at least one. */
    int length(long document);

    /** What a document is called, for people; empty when that is not known. May read a file. */
    default String name(long document) {
        return "";
    }

    /** The document that a token is of. */
    default long at(long token) {
        long low = 0;
        long high = count() - 1;
        while (low < high) {
            long middle = (low + high + 1) >>> 1;
            if (start(middle) <= token) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
