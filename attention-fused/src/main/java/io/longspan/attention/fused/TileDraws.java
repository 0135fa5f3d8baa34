package io.longspan.attention.fused;

import io.longspan.attention.DropoutDraws;

/**
 * The random numbers of a tile, equal to those of {@link io.longspan.attention.DropoutMask} bit for
 * bit. Queries are lanes here too: one draw gives the factors of eight keys for a vector of
 * queries. Implementations have no state.
 */
interface TileDraws {
    /** Words of a draw. */
    int WORDS = 4;

    /** Keys that a draw serves. */
    int KEYS = 8;

    /** Numbers of a vector. */
    int lanes();

    /**
     * Draws for one block of keys and the queries of some lanes: word w of query q goes to {@code
     * words[w * Tile.SIZE + q]}.
     *
     * @param block index in the sequence of the block's keys, over {@link #KEYS}
     * @param rows index in the sequence of each query
     * @param from first lane, a multiple of the vector's length
     * @param to one past the last lane, rounded up to such a multiple
     */
    void draw(DropoutDraws draws, int block, int[] rows, int from, int to, int[] words);

    /**
     * Picks the factors of one key out of the words of its block.
     *
     * @param key index in the sequence
     * @param factors receives them at {@code at} plus the lane
     */
    void pick(DropoutDraws draws, int[] words, int key, int from, int to, float[] factors, int at);

    /** Multiplies numbers with others, element by element, up to a whole number of vectors. */
    void multiply(float[] numbers, float[] factors, int count);
}
