package io.longspan.store.run;

/** How far a training run is. */
public enum RunState {
    /** Steps are being made. */
    RUNNING,
    /** All steps are made. */
    DONE,
    /** Somebody asked for its end; it can be resumed. */
    STOPPED,
    /** It ended with a message that says why. */
    FAILED
}
