package io.longspan.attention.fused;

import java.util.Arrays;

/** The ways between the caller's memory and the panels of a scratch. */
final class Panels {
    private final TileRows rows;
    private final int headSize;

    Panels(TileRows rows, int headSize) {
        this.rows = rows;
        this.headSize = headSize;
    }

    /** Reads the LOCAL rows of a tile of queries, times a factor, and puts zeros for the others. */
    void loadQueries(
            Matrix from, Strip strip, Queries queries, float factor, float[] panel, int square) {
        for (int chunk = 0; chunk < Tile.chunks(headSize); chunk++) {
            int width = Tile.width(headSize, chunk);
            int at = square + chunk * Tile.AREA;
            for (int q = 0; q < Tile.SIZE; q++) {
                int to = at + q * Tile.SIZE;
                if (q < queries.count() && queries.local[q]) {
                    long offset = from.offset(queries.row[q], strip.head(), chunk);
                    rows.load(from.memory(), offset, panel, to, width, factor);
                } else {
                    Arrays.fill(panel, to, to + width, 0);
                }
            }
        }
    }

    /** Reads the keys, or values, of a panel and puts zeros for those that may not be seen. */
    void loadKeys(Matrix from, Strip strip, Keys keys, float[] panel) {
        for (int chunk = 0; chunk < Tile.chunks(headSize); chunk++) {
            int width = Tile.width(headSize, chunk);
            for (int k = 0; k < keys.count(); k++) {
                int to = chunk * Tile.AREA + k * Tile.SIZE;
                if (keys.seen[k]) {
                    long offset = from.offset(keys.token[k], strip.head(), chunk);
                    rows.load(from.memory(), offset, panel, to, width, 1);
                } else {
                    Arrays.fill(panel, to, to + width, 0);
                }
            }
        }
    }

    /** Writes the seen rows of a panel of keys. */
    void storeKeys(float[] panel, Strip strip, Keys keys, Matrix to) {
        for (int chunk = 0; chunk < Tile.chunks(headSize); chunk++) {
            int width = Tile.width(headSize, chunk);
            for (int k = 0; k < keys.count(); k++) {
                if (keys.seen[k]) {
                    int from = chunk * Tile.AREA + k * Tile.SIZE;
                    long offset = to.offset(keys.token[k], strip.head(), chunk);
                    rows.store(panel, from, width, 1, to.memory(), offset);
                }
            }
        }
    }

    /** Writes one row of a tile of queries, times a factor. */
    void storeQuery(float[] panel, int square, int q, float factor, Matrix to, int row, int head) {
        for (int chunk = 0; chunk < Tile.chunks(headSize); chunk++) {
            int from = square + chunk * Tile.AREA + q * Tile.SIZE;
            rows.store(
                    panel,
                    from,
                    Tile.width(headSize, chunk),
                    factor,
                    to.memory(),
                    to.offset(row, head, chunk));
        }
    }

    /** Turns the squares of a tile of queries: [q][d] to [d][q]. */
    void turn(float[] panel, float[] turned, int square) {
        for (int chunk = 0; chunk < Tile.chunks(headSize); chunk++) {
            int at = square + chunk * Tile.AREA;
            int width = Tile.width(headSize, chunk);
            for (int d = 0; d < width; d++) {
                for (int q = 0; q < Tile.SIZE; q++) {
                    turned[at + d * Tile.SIZE + q] = panel[at + q * Tile.SIZE + d];
                }
            }
        }
    }
}
