package io.longspan.store.work;

/** What is to be done. */
public enum WorkKind {
    /** Turn a corpus into token shards. */
    INGEST,
    /** Train a model. */
    TRAIN
}
