package io.longspan.store.work;

/** What a worker learns when it says that it lives. */
public enum Beat {
    /** Nothing has changed. */
    GO_ON,
    /** Somebody asked for the end: stop at the next good moment, then say so. */
    STOP,
    /** The request belongs to another worker now, or has ended: drop it. */
    LOST
}
