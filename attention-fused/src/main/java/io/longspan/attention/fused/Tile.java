package io.longspan.attention.fused;

/**
 * Sizes of the unit of work: a square of queries against keys. Every panel in a thread's scratch is
 * cut into such squares with rows of {@link #SIZE} floats, so the kernels know their strides.
 */
final class Tile {
    /** Queries and keys of a tile, and components of a head that one square of a panel holds. */
    static final int SIZE = 64;

    /** Floats of a square. */
    static final int AREA = SIZE * SIZE;

    /** Rows that a product kernel computes at once. */
    static final int GROUP = 4;

    /** Tiles of queries that share one packed panel of keys. */
    static final int BLOCKS = 8;

    /** Queries that share one packed panel of keys. */
    static final int ROWS = SIZE * BLOCKS;

    private Tile() {}

    /** The number of squares that a head of the given size is cut into. */
    static int chunks(int headSize) {
        return Math.ceilDiv(headSize, SIZE);
    }

    /** The components in one of those squares. */
    static int width(int headSize, int chunk) {
        return Math.min(SIZE, headSize - chunk * SIZE);
    }

    /** The next multiple of a power of two. */
    static int up(int value, int powerOfTwo) {
        return (value + powerOfTwo - 1) & -powerOfTwo;
    }

    /** The multiple of a power of two at or below. */
    static int down(int value, int powerOfTwo) {
        return value & -powerOfTwo;
    }
}
