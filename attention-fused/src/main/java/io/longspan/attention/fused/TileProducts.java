package io.longspan.attention.fused;

/**
 * Small matrix products, {@link Tile#GROUP} rows of the result at a time. All three matrices lie in
 * squares with rows of {@link Tile#SIZE} floats; positions are indices of their first element. Sums
 * run over the depth in ascending order, whatever the shape, so a row's bits depend on that row
 * alone. Implementations have no state.
 */
interface TileProducts {
    /** Floats of a vector; column counts are multiples of it. A power of two from 4 to 16. */
    int lanes();

    /**
     * C = A B, or C += A B.
     *
     * @param depth columns of A, rows of B
     * @param columns of B and C, a multiple of {@link #lanes()}
     * @param add whether to add to what C holds
     */
    void plain(
            float[] c,
            int cAt,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int depth,
            int columns,
            boolean add);

    /**
     * C += transpose(A) B: A has {@code depth} rows, of which the first {@link Tile#GROUP} columns
     * are used.
     */
    void transposed(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth, int columns);
}
