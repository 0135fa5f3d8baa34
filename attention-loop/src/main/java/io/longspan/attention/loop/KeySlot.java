package io.longspan.attention.loop;

/** At most one key for each (row, head) pair of a call. */
final class KeySlot {
    /** The bias column of global keys, which get no bias. */
    static final int NO_BIAS = -1;

    private final int biasColumn;
    private final int heads;
    private final int[] keys;
    private final boolean[] visible;

    /**
     * A slot; the arrays are not copied.
     *
     * @param biasColumn of the offset that this slot stands for, or {@link #NO_BIAS}
     * @param heads H
     * @param keys [R * H], the packed index of the key; where there is none, the row's own token,
     *     so that a gather stays in the sequence
     * @param visible [R * H], whether the row sees that key
     */
    KeySlot(int biasColumn, int heads, int[] keys, boolean[] visible) {
        this.biasColumn = biasColumn;
        this.heads = heads;
        this.keys = keys;
        this.visible = visible;
    }

    int biasColumn() {
        return biasColumn;
    }

    int key(int row, int head) {
        return keys[row * heads + head];
    }

    boolean isEmpty() {
        for (boolean seen : visible) {
            if (seen) {
                return false;
            }
        }
        return true;
    }

    /** [R * H], whether the row sees the key. */
    boolean[] visible() {
        return visible.clone();
    }

    /** [R * H], the key's row in a table of [T * H, D]. */
    long[] tableRows() {
        long[] rows = new long[keys.length];
        for (int at = 0; at < rows.length; at++) {
            rows[at] = (long) keys[at] * heads + at % heads;
        }
        return rows;
    }
}
