package io.longspan.model.checkpoint;

/** What to do with weights that are NaN or infinite. */
public enum NonFinite {
    /** Refuse the checkpoint, naming its tensors that have such weights. */
    REFUSE,
    /** Take them as they are and log the same as a warning, to look into a model that diverged. */
    ACCEPT
}
