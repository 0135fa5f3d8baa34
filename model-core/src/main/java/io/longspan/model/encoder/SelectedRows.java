package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.stream.IntStream;

/** Rows of a batch that are wanted, packed indices, by what is computed for them. Immutable. */
final class SelectedRows {
    private final int[] all;
    private final int[] local;
    private final int[] global;
    private final int[] masked;

    private SelectedRows(int[] all, int[] local, int[] global, int[] masked) {
        this.all = all;
        this.local = local;
        this.global = global;
        this.masked = masked;
    }

    static SelectedRows of(SequenceLayout layout, QueryRows rows) {
        int[] all = rows.indices(layout);
        return new SelectedRows(
                all,
                of(layout, all, TokenRole.LOCAL),
                of(layout, all, TokenRole.GLOBAL),
                of(layout, all, TokenRole.MASKED));
    }

    /** All of them, ascending, a copy. */
    int[] all() {
        return all.clone();
    }

    /** The LOCAL tokens among them, ascending, a copy. */
    int[] local() {
        return local.clone();
    }

    /** The GLOBAL tokens among them, ascending, a copy. */
    int[] global() {
        return global.clone();
    }

    /** How many of them are MASKED. */
    int masked() {
        return masked.length;
    }

    /** These rows of an array of all tokens: [T, N] to [R, N]. */
    NDArray pick(NDArray tokens) {
        long[] wanted = IntStream.of(all).asLongStream().toArray();
        return Rows.pick(tokens, Rows.index(tokens.getManager(), wanted));
    }

    /**
     * Puts rows in the order of the wanted list.
     *
     * @param grouped [R, N], the local ones, then the global ones, then the masked ones
     * @return [R, N]
     */
    NDArray ordered(NDArray grouped) {
        int kinds = (local.length > 0 ? 1 : 0) + (global.length > 0 ? 1 : 0);
        if (kinds + (masked.length > 0 ? 1 : 0) == 1) {
            return grouped;
        }
        long[] from = new long[all.length];
        int nextLocal = 0;
        int nextGlobal = 0;
        int nextMasked = 0;
        for (int r = 0; r < all.length; r++) {
            if (nextLocal < local.length && local[nextLocal] == all[r]) {
                from[r] = nextLocal++;
            } else if (nextGlobal < global.length && global[nextGlobal] == all[r]) {
                from[r] = (long) local.length + nextGlobal++;
            } else {
                from[r] = (long) local.length + global.length + nextMasked++;
            }
        }
        return Rows.pick(grouped, Rows.index(grouped.getManager(), from)); // [R, N]
    }

    private static int[] of(SequenceLayout layout, int[] rows, TokenRole role) {
        return IntStream.of(rows).filter(t -> layout.role(t) == role).toArray();
    }
}
