package io.longspan.training.run;

/** How a run ended. */
public enum RunState {
    /** All steps are done. */
    COMPLETED,
    /** Stopped on request after a checkpoint; running it again goes on from there. */
    STOPPED,
    /** Something failed; the last good checkpoint is kept, and running it again goes on from it. */
    FAILED
}
