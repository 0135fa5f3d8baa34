package io.longspan.store.dataset;

/** How far a data set is. */
public enum DataSetState {
    /** Shards are being written. */
    BUILDING,
    /** Complete: its manifest stands in its folder. */
    READY,
    /** The last attempt failed; running it again goes on where it ended. */
    FAILED
}
