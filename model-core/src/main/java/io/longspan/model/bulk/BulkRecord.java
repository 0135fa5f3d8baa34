package io.longspan.model.bulk;

/** A row of an input. */
public sealed interface BulkRecord {
    /** File and line or row, for people. */
    String place();

    /**
     * A text.
     *
     * @param id of the source, or the number of the line or row
     * @param text may be empty
     */
    record Document(String place, String id, String text) implements BulkRecord {}

    /**
     * A row that cannot be used.
     *
     * @param reason for people, without the place
     */
    record Unusable(String place, String reason) implements BulkRecord {}
}
