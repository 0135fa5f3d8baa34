package io.longspan.attention.testkit.oracle;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;

/** Which keys one LOCAL row of one head sees, by asking of every token of its sequence. */
final class VisibleKeys {
    /** Stands in place of a bias column for a key that is seen because it is GLOBAL. */
    static final int NO_COLUMN = -1;

    private final AttentionPattern pattern;
    private final int head;
    private final int row;
    private final int middleColumn;
    private final int[] tokens;
    private final int[] columns;
    private int count;

    private VisibleKeys(AttentionPattern pattern, int head, int row, int most) {
        this.pattern = pattern;
        this.head = head;
        this.row = row;
        middleColumn = pattern.maxLeft();
        tokens = new int[most];
        columns = new int[most];
    }

    /** The keys of the LOCAL token at packed index {@code row}. */
    static VisibleKeys of(SequenceLayout layout, AttentionPattern pattern, int head, int row) {
        int sequence = layout.sequenceOf(row);
        VisibleKeys keys = new VisibleKeys(pattern, head, row, layout.length(sequence));
        for (int token = layout.start(sequence); token < layout.end(sequence); token++) {
            keys.consider(token, layout.role(token));
        }
        return keys;
    }

    int count() {
        return count;
    }

    /** Packed index of the nth visible key. */
    int token(int n) {
        return tokens[n];
    }

    /** Bias column of the nth visible key, or {@link #NO_COLUMN}. */
    int column(int n) {
        return columns[n];
    }

    private void consider(int token, TokenRole role) {
        if (pattern.causal() && token > row) {
            return;
        }
        switch (role) {
            case MASKED -> {}
            case GLOBAL -> add(token, NO_COLUMN);
            case LOCAL -> {
                int distance = token - row;
                int offset = distance / pattern.dilation(head);
                boolean onGrid = distance % pattern.dilation(head) == 0;
                boolean inReach = -pattern.left(head) <= offset && offset <= pattern.right(head);
                if (onGrid && inReach) {
                    add(token, offset + middleColumn);
                }
            }
        }
    }

    private void add(int token, int column) {
        tokens[count] = token;
        columns[count] = column;
        count++;
    }
}
