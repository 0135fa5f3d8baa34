package io.longspan.attention.chunks;

/**
 * Neighbouring query rows of one sequence and the keys that they can reach.
 *
 * @param sequence index in the batch
 * @param firstRow first row, an index into the rows of the call
 * @param rows how many rows, at least 1
 * @param firstKey packed index of the first key
 * @param keys how many keys, at least 1; all in the sequence
 * @param whole whether every row reaches the whole sequence
 */
record Chunk(int sequence, int firstRow, int rows, int firstKey, int keys, boolean whole) {}
