package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.ArrayList;
import java.util.List;

/** Lists the keys of one row by walking its window, then the globals of its sequence. */
final class KeyWalk {
    /**
     * One key.
     *
     * @param token packed index
     * @param column of the bias, or -1
     * @param padded whether it is excluded by a large negative number only
     */
    record Key(int token, int column, boolean padded) {}

    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final Flaw flaw;
    private final int middleColumn;

    KeyWalk(SequenceLayout layout, AttentionPattern pattern, Flaw flaw) {
        this.layout = layout;
        this.pattern = pattern;
        this.flaw = flaw;
        middleColumn = pattern.maxLeft();
    }

    List<Key> keys(int head, int row) {
        List<Key> keys = new ArrayList<>();
        int sequence = layout.sequenceOf(row);
        window(head, row, sequence, keys);
        int[] globals =
                flaw == Flaw.GLOBALS_OF_ALL_SEQUENCES_SEEN
                        ? layout.globals()
                        : layout.globals(sequence);
        for (int global : globals) {
            boolean future = pattern.causal() && global > row;
            if ((!future || flaw == Flaw.CAUSAL_SHOWS_FUTURE_GLOBALS)
                    && (flaw != Flaw.GLOBAL_KEY_FORGOTTEN_OUTSIDE_WINDOW
                            || column(head, row, global) >= 0)) {
                boolean biased = flaw == Flaw.BIAS_GIVEN_TO_GLOBAL_KEYS;
                keys.add(new Key(global, biased ? column(head, row, global) : -1, false));
            }
        }
        return keys;
    }

    private void window(int head, int row, int sequence, List<Key> keys) {
        int h = flaw == Flaw.WINDOW_OF_FIRST_HEAD_FOR_ALL ? 0 : head;
        int left = pattern.left(h);
        int right = pattern.right(h);
        if (flaw == Flaw.REACH_MISSES_THE_LEFT_EDGE && left > 0) {
            left--;
        }
        Flaw further =
                pattern.causal() ? Flaw.CAUSAL_LEAKS_THE_NEXT_TOKEN : Flaw.REACH_GOES_ONE_TOO_FAR;
        if (flaw == further) {
            right++;
        }
        boolean across = flaw == Flaw.NEIGHBOUR_SEQUENCE_LEAKS;
        int first = across ? 0 : layout.start(sequence);
        int end = across ? layout.tokens() : layout.end(sequence);
        for (int t = -left; t <= right; t++) {
            long token = row + (long) t * dilation(head);
            if (first <= token && token < end) {
                consider((int) token, t + middleColumn, keys);
            }
        }
    }

    private void consider(int token, int column, List<Key> keys) {
        switch (layout.role(token)) {
            case LOCAL -> keys.add(new Key(token, column, false));
            case GLOBAL -> {
                if (flaw == Flaw.GLOBAL_KEY_COUNTED_TWICE_IN_WINDOW) {
                    keys.add(new Key(token, column, false));
                }
            }
            case MASKED -> {
                if (flaw == Flaw.MASKED_KEY_COUNTED) {
                    keys.add(new Key(token, column, false));
                } else if (flaw == Flaw.MASKED_KEY_PADDED_BY_MINUS_10000) {
                    keys.add(new Key(token, column, true));
                }
            }
        }
    }

    /** The bias column of a key inside the window of a row, or -1. */
    private int column(int head, int row, int token) {
        int distance = token - row;
        int t = distance / dilation(head);
        boolean inside =
                distance % dilation(head) == 0
                        && -pattern.left(head) <= t
                        && t <= pattern.right(head);
        return inside ? t + middleColumn : -1;
    }

    private int dilation(int head) {
        boolean last = head == pattern.heads() - 1;
        return last && flaw == Flaw.DILATION_IGNORED_ON_LAST_HEAD ? 1 : pattern.dilation(head);
    }

    /** Whether the row of a token is computed. */
    boolean computes(int token) {
        TokenRole role = layout.role(token);
        return role == TokenRole.LOCAL
                || (role == TokenRole.GLOBAL && flaw == Flaw.GLOBAL_ROW_COMPUTED);
    }
}
