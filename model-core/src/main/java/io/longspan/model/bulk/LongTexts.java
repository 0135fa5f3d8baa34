package io.longspan.model.bulk;

/** What happens to texts that are longer than the model. */
public enum LongTexts {
    /** They are cut into windows whose answers are joined. */
    STRIDE,
    /** What does not fit is cut off. */
    TRUNCATE,
    /** They are left out and counted. */
    SKIP,
    /** The run ends. */
    FAIL
}
