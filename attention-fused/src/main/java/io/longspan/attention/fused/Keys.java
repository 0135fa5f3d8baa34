package io.longspan.attention.fused;

import io.longspan.attention.TokenRole;

/**
 * Which keys a panel holds: {@link Tile#SIZE} neighbouring positions of a strip, or as many global
 * tokens of its sequence.
 */
final class Keys {
    /** Packed index of each key. */
    final int[] token = new int[Tile.SIZE];

    /** Whether each key may be seen through this panel: LOCAL ones in a strip, GLOBAL ones else. */
    final boolean[] seen = new boolean[Tile.SIZE];

    private int count;
    private int first;
    private int visible;
    private boolean band;

    /** Takes the keys of a strip from position {@code from} on. */
    void ofStrip(FusedPlan plan, Strip strip, int from) {
        band = true;
        first = from;
        count = Math.min(Tile.SIZE, strip.length() - from);
        visible = 0;
        for (int k = 0; k < count; k++) {
            token[k] = strip.token(from + k);
            seen[k] = plan.isRole(token[k], TokenRole.LOCAL);
            visible += seen[k] ? 1 : 0;
        }
    }

    /** Takes global tokens of a sequence, from the {@code from}-th on. */
    void ofGlobals(int[] globals, int from) {
        band = false;
        first = from;
        count = Math.min(Tile.SIZE, globals.length - from);
        visible = count;
        for (int k = 0; k < count; k++) {
            token[k] = globals[from + k];
            seen[k] = true;
        }
    }

    int count() {
        return count;
    }

    /** Position of the first key, or its index among the globals. */
    int first() {
        return first;
    }

    boolean isBand() {
        return band;
    }

    boolean anySeen() {
        return visible > 0;
    }

    boolean allSeen() {
        return visible == count;
    }
}
