package io.longspan.training.config;

/** How the documents of a data set become sequences. */
public enum Packing {
    /** One document after the other, cut into sequences of the same length. */
    CONCATENATED,
    /** A sequence has tokens of one document only, and is as long as they are. */
    DOCUMENTS
}
