package io.longspan.attention.fused;

import java.lang.foreign.MemorySegment;

/**
 * What happens to tiles between the products, and the ways in and out of the caller's memory.
 *
 * <p>A tile of scores is stored by key: row k, lane q. So each query is a lane, and maxima and sums
 * over keys need no step across lanes. Implementations have no state.
 */
interface TileRows {
    /** Score that no query has seen yet; finite, so that differences with it are no NaN. */
    float UNSEEN = -1e38f;

    /**
     * How far a score may lie above the running top before the top follows: sums then hold up to
     * e^6 per key, and most tiles leave the output so far as it is.
     */
    float SLACK = 6;

    /** The factor from natural to binary exponents. */
    float LOG2_E = 1.442695f;

    /** Floats of a vector. */
    int lanes();

    /**
     * One vector of queries, rows {@code from} to {@code to} of the scores: raises the top where a
     * score exceeds it by more than {@link #SLACK}, replaces each score s by {@code exp(s - top)}
     * and adds it to the sum. Scores of minus infinity become zero.
     *
     * @param lane the first query, an index into the tile
     * @param at the same query's index into the running numbers
     * @return whether a top was raised: then {@code shrink} holds the factor for everything summed
     *     before
     */
    boolean softmax(float[] scores, int lane, int from, int to, Running running, int at);

    /**
     * The same vector in the backward pass: scores become probabilities, and {@code gradients},
     * which hold the gradient of each probability, become the gradients of the scores.
     *
     * @param cut per query, at {@code at}: log2 of the sum of exponentials
     * @param mean per query, at {@code at}: output times output gradient
     */
    void gradients(
            float[] scores,
            float[] gradients,
            int lane,
            int from,
            int to,
            float[] cut,
            float[] mean,
            int at);

    /** Reads floats of the caller's and multiplies them. */
    void load(MemorySegment from, long byteOffset, float[] to, int at, int count, float factor);

    /** Multiplies floats and writes them to the caller's memory. */
    void store(float[] from, int at, int count, float factor, MemorySegment to, long byteOffset);

    /** Multiplies a row in place. */
    void scale(float[] row, int at, int count, float factor);

    /**
     * The product of two rows, summed in a fixed order.
     *
     * @param partial written over: a sum per lane, {@link Tile#SIZE} floats
     */
    float dot(float[] left, int leftAt, float[] right, int rightAt, int count, float[] partial);
}
