package io.longspan.model.checkpoint.pickle;

/** Python's None. */
public enum PickleNone {
    /** The only one. */
    NONE
}
