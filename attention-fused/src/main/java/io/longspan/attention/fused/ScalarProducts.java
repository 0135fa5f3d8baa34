package io.longspan.attention.fused;

/** The products as three loops: the readable twin of {@link VectorProducts}. */
final class ScalarProducts implements TileProducts {
    @Override
    public int lanes() {
        return Tile.GROUP;
    }

    @Override
    public void plain(
            float[] c,
            int cAt,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            int depth,
            int columns,
            boolean add) {
        product(c, cAt, a, aAt, Tile.SIZE, 1, b, bAt, depth, columns, add);
    }

    @Override
    public void transposed(
            float[] c, int cAt, float[] a, int aAt, float[] b, int bAt, int depth, int columns) {
        product(c, cAt, a, aAt, 1, Tile.SIZE, b, bAt, depth, columns, true);
    }

    private static void product(
            float[] c,
            int cAt,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int depth,
            int columns,
            boolean add) {
        for (int row = 0; row < Tile.GROUP; row++) {
            for (int column = 0; column < columns; column++) {
                int to = cAt + row * Tile.SIZE + column;
                float sum = add ? c[to] : 0;
                for (int k = 0; k < depth; k++) {
                    sum += a[aAt + row * aRow + k * aColumn] * b[bAt + k * Tile.SIZE + column];
                }
                c[to] = sum;
            }
        }
    }
}
