package io.longspan.model.bulk;

/** What happens to rows that cannot be used: broken ones, rows without a text, empty texts. */
public enum BadRows {
    /** The run ends. */
    FAIL,
    /** They are left out and counted. */
    SKIP
}
