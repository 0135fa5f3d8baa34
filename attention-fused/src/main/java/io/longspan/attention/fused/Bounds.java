package io.longspan.attention.fused;

import java.util.Arrays;

/**
 * Who sees whom in one tile, by position; whether a key may be seen at all is the panel's to say.
 * Queries and keys ascend, so a key is within reach of an interval of queries and a query reaches
 * an interval of keys; products run over no more than these.
 */
final class Bounds {
    private final int[] firstLane = new int[Tile.SIZE];
    private final int[] endLane = new int[Tile.SIZE];
    private final int[] firstKey = new int[Tile.SIZE];
    private final int[] endKey = new int[Tile.SIZE];
    private boolean full;
    private int keys;
    private int lanes;

    /** Works out a tile; false when nobody sees anything in it. */
    boolean set(Queries queries, Keys panel, Strip strip, boolean causal) {
        keys = panel.count();
        lanes = queries.count();
        if (panel.isBand()) {
            return band(queries, panel, strip);
        }
        return causal ? globalsBehind(queries, panel, strip) : everything();
    }

    private boolean everything() {
        full = true;
        return true;
    }

    private boolean band(Queries queries, Keys panel, Strip strip) {
        int firstPosition = panel.first();
        int lastPosition = firstPosition + keys - 1;
        int firstQuery = queries.firstPosition();
        int lastQuery = queries.lastPosition();
        if ((long) lastPosition < (long) firstQuery - strip.left()
                || firstPosition > (long) lastQuery + strip.right()) {
            return false;
        }
        full =
                panel.allSeen()
                        && (long) firstPosition >= (long) lastQuery - strip.left()
                        && (long) lastPosition <= (long) firstQuery + strip.right();
        if (full) {
            return true;
        }
        int from = 0;
        int to = 0;
        boolean any = false;
        for (int k = 0; k < keys; k++) {
            int key = firstPosition + k;
            while (from < lanes && queries.position[from] < (long) key - strip.right()) {
                from++;
            }
            while (to < lanes && queries.position[to] <= (long) key + strip.left()) {
                to++;
            }
            firstLane[k] = from < to ? from : 0;
            endLane[k] = from < to ? to : 0;
            any |= from < to && panel.seen[k];
        }
        for (int q = 0; q < lanes; q++) {
            int position = queries.position[q];
            firstKey[q] = Math.clamp(strip.firstKey(position) - firstPosition, 0, keys);
            endKey[q] = Math.clamp(strip.endKey(position) - firstPosition, 0, keys);
        }
        return any;
    }

    private boolean globalsBehind(Queries queries, Keys panel, Strip strip) {
        full = false;
        int from = 0;
        for (int k = 0; k < keys; k++) {
            while (from < lanes && strip.token(queries.position[from]) < panel.token[k]) {
                from++;
            }
            firstLane[k] = from < lanes ? from : 0;
            endLane[k] = from < lanes ? lanes : 0;
        }
        int to = 0;
        for (int q = 0; q < lanes; q++) {
            while (to < keys && panel.token[to] <= strip.token(queries.position[q])) {
                to++;
            }
            firstKey[q] = 0;
            endKey[q] = to;
        }
        return to > 0;
    }

    /** Whether every query sees every key of the tile. */
    boolean full() {
        return full;
    }

    /** First query that sees any key of a group. */
    int firstLane(int group) {
        if (full) {
            return 0;
        }
        int first = lanes;
        for (int k = group; k < endOf(group, keys); k++) {
            if (endLane[k] > 0) {
                first = Math.min(first, firstLane[k]);
            }
        }
        return first;
    }

    /** One past the last query that sees any key of a group; not above the first for nobody. */
    int endLane(int group) {
        if (full) {
            return lanes;
        }
        int end = 0;
        for (int k = group; k < endOf(group, keys); k++) {
            end = Math.max(end, endLane[k]);
        }
        return end;
    }

    /** First key that queries from a lane on see. */
    int firstKey(int lane) {
        return full ? 0 : firstKey[lane];
    }

    /** One past the last key that queries before a lane see. */
    int endKey(int beforeLane) {
        return full ? keys : endKey[Math.min(beforeLane, lanes) - 1];
    }

    /** Puts minus infinity wherever a query does not see a key. */
    void exclude(Keys panel, float[] scores) {
        for (int k = 0; k < keys && !full; k++) {
            int row = k * Tile.SIZE;
            int first = panel.seen[k] ? firstLane[k] : Tile.SIZE;
            Arrays.fill(scores, row, row + first, Float.NEGATIVE_INFINITY);
            Arrays.fill(scores, row + endLane[k], row + Tile.SIZE, Float.NEGATIVE_INFINITY);
        }
    }

    /** Puts zero in the rows of groups that nobody sees: no product writes them. */
    void clearUnseen(float[] gradients) {
        for (int group = 0; group < keys && !full; group += Tile.GROUP) {
            if (endLane(group) == 0) {
                int row = group * Tile.SIZE;
                Arrays.fill(gradients, row, row + Tile.GROUP * Tile.SIZE, 0);
            }
        }
    }

    int firstLaneOf(int key) {
        return full ? 0 : firstLane[key];
    }

    int endLaneOf(int key) {
        return full ? lanes : endLane[key];
    }

    private static int endOf(int group, int count) {
        return Math.min(group + Tile.GROUP, count);
    }
}
