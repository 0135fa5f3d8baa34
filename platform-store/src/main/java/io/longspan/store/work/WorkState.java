package io.longspan.store.work;

/** How far a request is. */
public enum WorkState {
    /** Waits for a worker. */
    QUEUED,
    /** A worker has it, as long as its heartbeat is fresh. */
    RUNNING,
    /** Ended well. */
    DONE,
    /** Ended with a message that says why. */
    FAILED,
    /** Ended because somebody asked; it can be restarted. */
    STOPPED;

    /** Whether nobody works on it and nobody will unless it is restarted. */
    public boolean ended() {
        return this == DONE || this == FAILED || this == STOPPED;
    }
}
