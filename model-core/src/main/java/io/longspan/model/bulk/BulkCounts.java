package io.longspan.model.bulk;

import java.util.ArrayList;
import java.util.List;

/**
 * What a run has done so far, those that it goes on from included.
 *
 * @param written documents with an answer
 * @param bad rows that could not be used
 * @param tooLong documents left out for their length
 * @param cut documents of more than one window, or truncated
 * @param windows that the model was asked about
 * @param tokens in them, special tokens included
 * @param named places and reasons of what was left out, the first {@link #MOST_NAMED}
 */
public record BulkCounts(
        long written,
        long bad,
        long tooLong,
        long cut,
        long windows,
        long tokens,
        List<String> named) {
    /** Places that are kept; the others are counted. */
    public static final int MOST_NAMED = 100;

    /** Copies the list. */
    public BulkCounts {
        named = List.copyOf(named);
    }

    static BulkCounts none() {
        return new BulkCounts(0, 0, 0, 0, 0, 0, List.of());
    }

    BulkCounts plus(BulkCounts other) {
        List<String> all = new ArrayList<>(named);
        other.named.stream().limit(MOST_NAMED - all.size()).forEach(all::add);
        return new BulkCounts(
                written + other.written,
                bad + other.bad,
                tooLong + other.tooLong,
                cut + other.cut,
                windows + other.windows,
                tokens + other.tokens,
                all);
    }
}
