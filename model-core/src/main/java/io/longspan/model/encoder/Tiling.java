package io.longspan.model.encoder;

/**
 * How the rows of a batch are cut: into tiles, each the work of one thread, and chunks of several
 * tiles, whose inner tensors are held at once. Depends on the number of rows and threads alone.
 *
 * @param rows of the batch
 * @param tile rows of a tile; the last may have fewer
 * @param perChunk tiles of a chunk; the last may have fewer
 */
record Tiling(int rows, int tile, int perChunk) {
    /** Rows of a chunk: enough of them for the products over rows to be fast. */
    static final int CHUNK = 1024;

    /** Rows whose intermediate results stay in the cache of a core. */
    static final int TALLEST = 256;

    private static final int LOWEST = 16;
    private static final int TILES_PER_THREAD = 2;

    static Tiling of(int rows, int threads) {
        int wanted = Math.ceilDiv(Math.min(rows, CHUNK), TILES_PER_THREAD * threads);
        int rounded = Math.ceilDiv(wanted, LOWEST) * LOWEST;
        int tile = Math.max(LOWEST, Math.min(rounded, TALLEST));
        return new Tiling(rows, tile, CHUNK / tile);
    }

    int tiles() {
        return Math.ceilDiv(rows, tile);
    }

    int chunks() {
        return Math.ceilDiv(tiles(), perChunk);
    }

    /** Tiles of a chunk. */
    int tiles(int chunk) {
        return Math.min(perChunk, tiles() - chunk * perChunk);
    }

    /** First row of a tile. */
    int first(int index) {
        return index * tile;
    }

    /** Rows of a tile. */
    int count(int index) {
        return Math.min(tile, rows - first(index));
    }

    /** First row of a chunk. */
    int chunkFirst(int chunk) {
        return chunk * perChunk * tile;
    }

    /** Rows of a chunk. */
    int chunkCount(int chunk) {
        return Math.min(perChunk * tile, rows - chunkFirst(chunk));
    }

    /** Most rows of a chunk. */
    int tallestChunk() {
        return Math.min(rows, perChunk * tile);
    }
}
