package io.longspan.attention.fused;

import java.util.Arrays;

/** The softmax so far of every query of a work item, one float per query in each array. */
final class Running {
    /** The score that exponents are relative to. */
    final float[] top = new float[Tile.ROWS];

    /** The same in binary exponents, rounded once: what is subtracted. */
    final float[] cut = new float[Tile.ROWS];

    /** Sum of exponentials. */
    final float[] sum = new float[Tile.ROWS];

    /** Factor on earlier sums after the last tile; 1 where the top stayed. */
    final float[] shrink = new float[Tile.ROWS];

    /**
     * Lets the top of a query follow a score that lies above it by more than the slack, and says in
     * {@link #shrink} what that does to earlier sums.
     */
    void raise(int query, float score) {
        shrink[query] = 1;
        if (score > top[query] + TileRows.SLACK) {
            float before = cut[query];
            top[query] = score;
            cut[query] = score * TileRows.LOG2_E;
            shrink[query] = Exp2.of(before - cut[query]);
            sum[query] *= shrink[query];
        }
    }

    void reset() {
        Arrays.fill(top, TileRows.UNSEEN);
        Arrays.fill(cut, TileRows.UNSEEN * TileRows.LOG2_E);
        Arrays.fill(sum, 0);
    }
}
