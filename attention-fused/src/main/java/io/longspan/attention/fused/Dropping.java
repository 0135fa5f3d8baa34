package io.longspan.attention.fused;

import io.longspan.attention.DropoutDraws;

/** Works out the dropout factors of a tile. */
final class Dropping {
    private final DropoutDraws draws;
    private final TileDraws math;
    private final Strip strip;
    private final Scratch scratch;

    Dropping(DropoutDraws draws, TileDraws math, Strip strip, Scratch scratch) {
        this.draws = draws;
        this.math = math;
        this.strip = strip;
        this.scratch = scratch;
    }

    /**
     * Writes the factors of a tile, [k][q], wherever a query sees a key; what was elsewhere stays.
     */
    void factors(Queries queries, Keys keys) {
        for (int q = 0; q < queries.count(); q++) {
            scratch.drawRows[q] = strip.inSequence(queries.position[q]);
        }
        int next = 0;
        while (next < keys.count()) {
            next = block(keys, next);
        }
    }

    /** The keys from one on that share a draw; returns the first that does not. */
    private int block(Keys keys, int first) {
        int block = block(keys.token[first]);
        int from = Tile.SIZE;
        int to = 0;
        int end = first;
        for (; end < keys.count() && block(keys.token[end]) == block; end++) {
            if (scratch.bounds.endLaneOf(end) > 0) {
                from = Math.min(from, scratch.bounds.firstLaneOf(end));
                to = Math.max(to, scratch.bounds.endLaneOf(end));
            }
        }
        from = Tile.down(from, math.lanes());
        if (from < to) {
            math.draw(draws, block, scratch.drawRows, from, to, scratch.drawn);
            for (int k = first; k < end; k++) {
                int key = keys.token[k] - strip.start();
                int at = k * Tile.SIZE;
                math.pick(draws, scratch.drawn, key, from, to, scratch.factors, at);
            }
        }
        return end;
    }

    private int block(int token) {
        return (token - strip.start()) / TileDraws.KEYS;
    }
}
