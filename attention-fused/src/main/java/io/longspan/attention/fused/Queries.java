package io.longspan.attention.fused;

import io.longspan.attention.TokenRole;

/** The wanted rows among {@link Tile#SIZE} neighbouring positions of a strip, ascending. */
final class Queries {
    /** Positions of the rows. */
    final int[] position = new int[Tile.SIZE];

    /** Index of each row in query, output and log-sum-exp. */
    final int[] row = new int[Tile.SIZE];

    /** Whether each row is LOCAL; the others come back as zeros. */
    final boolean[] local = new boolean[Tile.SIZE];

    private int count;
    private int locals;

    /** Takes the rows from position {@code first} on. */
    void gather(FusedPlan plan, Strip strip, int first) {
        count = 0;
        locals = 0;
        int end = Math.min(strip.length(), first + Tile.SIZE);
        for (int p = first; p < end; p++) {
            int token = strip.token(p);
            int wanted = plan.rowOf(token);
            if (wanted >= 0) {
                position[count] = p;
                row[count] = wanted;
                local[count] = plan.isRole(token, TokenRole.LOCAL);
                locals += local[count] ? 1 : 0;
                count++;
            }
        }
    }

    int count() {
        return count;
    }

    boolean anyLocal() {
        return locals > 0;
    }

    int firstPosition() {
        return position[0];
    }

    int lastPosition() {
        return position[count - 1];
    }

    /** Whether no position between the first and the last is missing. */
    boolean contiguous() {
        return lastPosition() - firstPosition() == count - 1;
    }
}
