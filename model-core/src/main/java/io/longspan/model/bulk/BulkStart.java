package io.longspan.model.bulk;

/** What a run does with what it finds under the name of its output. */
public enum BulkStart {
    /** Goes on from an unfinished run of the same input and settings, or begins. */
    ANY,
    /** Goes on, and refuses to begin. */
    RESUME,
    /** Begins anew and replaces the output. */
    FORCE
}
