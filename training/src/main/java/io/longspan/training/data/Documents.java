package io.longspan.training.data;

/** The borders of the documents of a {@link TokenSource}. */
public interface Documents {
    /** Number of documents. */
    long count();

    /** The place of a document's first token. */
    long start(long document);

    /** Tokens of a document, the end-of-sequence id at its end included; at least one. */
    int length(long document);
}
