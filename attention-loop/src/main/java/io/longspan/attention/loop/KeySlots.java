package io.longspan.attention.loop;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.ArrayList;
import java.util.List;

/** Which key every (row, head) pair meets in every slot: the pattern, spelled out. */
final class KeySlots {
    private static final int UNSEEN = -1;

    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int[] rows;

    /** Slots for the given rows, packed indices. */
    KeySlots(SequenceLayout layout, AttentionPattern pattern, int[] rows) {
        this.layout = layout;
        this.pattern = pattern;
        this.rows = rows;
    }

    /**
     * The slots that some row sees: window offsets from left to right, then global keys in order.
     * Offset 0 is there even when no row sees anything, so that the graph always reaches the
     * inputs.
     */
    List<KeySlot> all() {
        List<KeySlot> slots = new ArrayList<>();
        int farthest = layout.longest() - 1;
        int first = -Math.min(pattern.maxLeft(), farthest);
        int last = Math.min(pattern.maxRight(), farthest);
        for (int offset = first; offset <= last; offset++) {
            KeySlot slot = window(offset);
            if (offset == 0 || !slot.isEmpty()) {
                slots.add(slot);
            }
        }
        for (int g = 0; g < layout.mostGlobals(); g++) {
            KeySlot slot = global(g);
            if (!slot.isEmpty()) {
                slots.add(slot);
            }
        }
        return slots;
    }

    private KeySlot window(int offset) {
        return slot(
                offset + pattern.maxLeft(),
                (row, head) -> {
                    long key = row + (long) offset * pattern.dilation(head);
                    int sequence = layout.sequenceOf(row);
                    boolean seen =
                            -pattern.left(head) <= offset
                                    && offset <= pattern.right(head)
                                    && layout.start(sequence) <= key
                                    && key < layout.end(sequence)
                                    && layout.role((int) key) == TokenRole.LOCAL;
                    return seen ? (int) key : UNSEEN;
                });
    }

    private KeySlot global(int g) {
        int[][] globals = new int[layout.sequences()][];
        for (int b = 0; b < globals.length; b++) {
            globals[b] = layout.globals(b);
        }
        return slot(
                KeySlot.NO_BIAS,
                (row, head) -> {
                    int[] own = globals[layout.sequenceOf(row)];
                    boolean seen = g < own.length && (!pattern.causal() || own[g] <= row);
                    return seen ? own[g] : UNSEEN;
                });
    }

    private KeySlot slot(int biasColumn, KeyOf keyOf) {
        int heads = pattern.heads();
        int[] keys = new int[rows.length * heads];
        boolean[] visible = new boolean[keys.length];
        for (int r = 0; r < rows.length; r++) {
            boolean local = layout.role(rows[r]) == TokenRole.LOCAL;
            for (int h = 0; h < heads; h++) {
                int key = local ? keyOf.key(rows[r], h) : UNSEEN;
                int at = r * heads + h;
                visible[at] = key != UNSEEN;
                keys[at] = visible[at] ? key : rows[r];
            }
        }
        return new KeySlot(biasColumn, heads, keys, visible);
    }

    /** The key that a LOCAL row of a head meets in a slot, or {@link #UNSEEN}. */
    private interface KeyOf {
        int key(int row, int head);
    }
}
