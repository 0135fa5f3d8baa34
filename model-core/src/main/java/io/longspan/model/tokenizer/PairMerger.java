package io.longspan.model.tokenizer;

import java.util.Arrays;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding to the letter: of all neighbours that merge, those of the earliest merge go
 * first, from left to right. Time is n log n for n bytes, beyond the shortest pieces. Thread-safe.
 */
final class PairMerger {
    private static final int NONE = -1;

    /** Up to here looking at all neighbours again and again is faster than a queue. */
    private static final int SHORT = 24;

    private final MergeTable table;

    PairMerger(MergeTable table) {
        this.table = table;
    }

    /** The symbols of a piece of text that no merge crosses. */
    int[] merge(byte[] piece) {
        return piece.length <= SHORT ? mergedShort(piece) : mergedLong(piece);
    }

    private int[] mergedShort(byte[] piece) {
        int n = piece.length;
        int[] symbols = new int[n];
        long[] merges = new long[n];
        for (int i = 0; i < n; i++) {
            symbols[i] = piece[i] & 0xFF;
        }
        for (int i = 0; i + 1 < n; i++) {
            merges[i] = table.merge(symbols[i], symbols[i + 1]);
        }
        while (true) {
            int best = NONE;
            for (int i = 0; i + 1 < n; i++) {
                // A merge has one rank, so of equal ones the left one stays.
                if (merges[i] != MergeTable.NO_MERGE
                        && (best == NONE || merges[i] < merges[best])) {
                    best = i;
                }
            }
            if (best == NONE) {
                return Arrays.copyOf(symbols, n);
            }
            symbols[best] = (int) merges[best];
            n--;
            System.arraycopy(symbols, best + 2, symbols, best + 1, n - best - 1);
            System.arraycopy(merges, best + 1, merges, best, n - best);
            if (best + 1 < n) {
                merges[best] = table.merge(symbols[best], symbols[best + 1]);
            }
            if (best > 0) {
                merges[best - 1] = table.merge(symbols[best - 1], symbols[best]);
            }
        }
    }

    private int[] mergedLong(byte[] piece) {
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
            long merge =
                    right == NONE ? MergeTable.NO_MERGE : table.merge(symbols[at], symbols[right]);
            // What was queued before a neighbour changed is queued again under its new rank.
            if (merge == MergeTable.NO_MERGE || merge >>> Integer.SIZE != first >>> Integer.SIZE) {
                continue;
            }
            symbols[at] = (int) merge;
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
        long merge = table.merge(symbols[left], symbols[right]);
        if (merge != MergeTable.NO_MERGE) {
            waiting.add(((merge >>> Integer.SIZE) << Integer.SIZE) | left);
        }
    }
}
