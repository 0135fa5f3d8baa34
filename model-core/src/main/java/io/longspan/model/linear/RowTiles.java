package io.longspan.model.linear;

/**
 * How rows are cut: tall tiles first, then short ones, the last of them possibly not full.
 *
 * @param rows altogether
 * @param tall rows of a tall tile
 * @param brief rows of a short tile
 */
record RowTiles(int rows, int tall, int brief) {
    int count() {
        return rows / tall + Math.ceilDiv(rows % tall, brief);
    }

    boolean isTall(int tile) {
        return tile < rows / tall;
    }

    /** First row of a tile. */
    int first(int tile) {
        int talls = rows / tall;
        return tile < talls ? tile * tall : talls * tall + (tile - talls) * brief;
    }

    /** Rows that a tile has, at most its height. */
    int size(int tile) {
        return isTall(tile) ? tall : Math.min(brief, rows - first(tile));
    }
}
