package io.longspan.model.tokenizer;

import java.util.Arrays;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Byte-pair encoding to the letter: of all neighbours that merge, those of the earliest merge go
 * first, from left to right. Time is n log n for n bytes. Thread-safe.
 */
final class PairMerger {
    private static final int NONE = -1;

    private final MergeTable table;

    PairMerger(MergeTable table) {
        this.table = table;
    }

    /** The symbols of a piece of text that no merge crosses. */
    int[] merge(byte[] piece) {
        int n = piece.length;
        int[] symbols = new int[n];
        int[] next = new int[n];
        int[] previous = new int[n];
        for (int i = 0; i < n; i++) {
            symbols[i] = piece[i] & 0xFF;
            next[i] = i + 1 < n ? i + 1 : NONE;
            previous[i] = i - 1;
        }
        PriorityQueue<Long> waiting = new PriorityQueue<>();
        for (int i = 0; i + 1 < n; i++) {
            offer(waiting, symbols, i, i + 1);
        }
        for (Long first = waiting.poll(); first != null; first = waiting.poll()) {
            int at = first.intValue();
            int right = symbols[at] == NONE ? NONE : next[at];
            MergeTable.@Nullable Merge merge =
                    right == NONE ? null : table.merge(symbols[at], symbols[right]);
            // What was queued before a neighbour changed is queued again under its new rank.
            if (merge == null || merge.rank() != (int) (first >>> 32)) {
                continue;
            }
            symbols[at] = merge.symbol();
            symbols[right] = NONE;
            next[at] = next[right];
            if (next[at] != NONE) {
                previous[next[at]] = at;
                offer(waiting, symbols, at, next[at]);
            }
            if (previous[at] != NONE) {
                offer(waiting, symbols, previous[at], at);
            }
        }
        return Arrays.stream(symbols).filter(symbol -> symbol != NONE).toArray();
    }

    private void offer(PriorityQueue<Long> waiting, int[] symbols, int left, int right) {
        MergeTable.@Nullable Merge merge = table.merge(symbols[left], symbols[right]);
        if (merge != null) {
            waiting.add((long) merge.rank() << 32 | left);
        }
    }
}
