package io.longspan.attention.fused;

import io.longspan.attention.DropoutMask;

/** Works out the dropout factors of a tile. */
final class Dropping {
    private final DropoutMask mask;
    private final Strip strip;

    Dropping(DropoutMask mask, Strip strip) {
        this.mask = mask;
        this.strip = strip;
    }

    /** Writes the factors of a tile, [k][q], for every key inside a query's interval. */
    void factors(Queries queries, Keys keys, Bounds bounds, float[] row, float[] factors) {
        for (int q = 0; q < queries.count(); q++) {
            int from = bounds.firstKey(q);
            int count = bounds.endKey(q + 1) - from;
            int inSequence = strip.inSequence(queries.position[q]);
            if (count <= 0) {
                continue;
            }
            if (keys.isBand() && strip.dilation() == 1) {
                int first = keys.token[from] - strip.start();
                mask.factors(strip.head(), inSequence, first, count, row, 0);
            } else {
                for (int k = 0; k < count; k++) {
                    int key = keys.token[from + k] - strip.start();
                    row[k] = mask.factor(strip.head(), inSequence, key);
                }
            }
            for (int k = 0; k < count; k++) {
                factors[(from + k) * Tile.SIZE + q] = row[k];
            }
        }
    }
}
