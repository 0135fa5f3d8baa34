package io.longspan.model.convert;

import org.jspecify.annotations.Nullable;

/**
 * Rows of a new position table and where their values came from.
 *
 * @param first row of the new table
 * @param last row of the new table, included
 * @param from row of the old table that {@code first} was copied from, the others following; null
 *     when the rows are zero
 */
public record PositionRows(long first, long last, @Nullable Long from) {
    /** For people, such as {@code 2-513 from 2-513}. */
    @Override
    public String toString() {
        return span(first, last)
                + (from == null ? " zero" : " from " + span(from, from + last - first));
    }

    private static String span(long first, long last) {
        return first == last ? Long.toString(first) : first + "-" + last;
    }
}
