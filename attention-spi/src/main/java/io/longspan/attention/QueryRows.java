package io.longspan.attention;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of the batch are wanted: all of them, or an ascending list of packed indices.
 *
 * <p>With a list of R rows, query, output and log-sum-exp have R rows in the order of the list,
 * while key and value keep all T. Used by the last layer of a classifier and by generation.
 * Immutable.
 */
public final class QueryRows {
    private static final QueryRows ALL = new QueryRows(null);

    private final int @Nullable [] rows;

    private QueryRows(int @Nullable [] rows) {
        this.rows = rows;
    }

    /** Every token is a query. */
    public static QueryRows all() {
        return ALL;
    }

    /**
     * Only the listed packed indices are queries.
     *
     * @throws IllegalArgumentException when the list is empty, negative anywhere or not strictly
     *     ascending
     */
    public static QueryRows of(int... rows) {
        if (rows.length == 0) {
            throw new IllegalArgumentException(
                    "the list of query rows is empty; use QueryRows.all() for every row");
        }
        for (int r = 0; r < rows.length; r++) {
            if (rows[r] < 0 || (r > 0 && rows[r] <= rows[r - 1])) {
                throw new IllegalArgumentException(
                        "query row "
                                + r
                                + " is "
                                + rows[r]
                                + "; rows must be 0 or more and strictly ascending");
            }
        }
        return new QueryRows(rows.clone());
    }

    /** Whether every token is a query. */
    public boolean isAll() {
        return rows == null;
    }

    /** R, the number of rows wanted of a layout. */
    public int count(SequenceLayout layout) {
        return rows == null ? layout.tokens() : rows.length;
    }

    /**
     * The packed indices wanted of a layout, ascending, a copy.
     *
     * @throws IllegalArgumentException when a listed row is beyond the layout
     */
    public int[] indices(SequenceLayout layout) {
        if (rows == null) {
            int[] every = new int[layout.tokens()];
            Arrays.setAll(every, t -> t);
            return every;
        }
        int last = rows[rows.length - 1];
        if (last >= layout.tokens()) {
            throw new IllegalArgumentException(
                    "query row "
                            + last
                            + " is beyond the batch; it has "
                            + layout.tokens()
                            + " tokens");
        }
        return rows.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QueryRows that && Arrays.equals(rows, that.rows);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(rows);
    }

    @Override
    public String toString() {
        return rows == null ? "QueryRows[all]" : "QueryRows" + Arrays.toString(rows);
    }
}
