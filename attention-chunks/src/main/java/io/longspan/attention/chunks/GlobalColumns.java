package io.longspan.attention.chunks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.SequenceLayout;
import java.util.Arrays;

/**
 * The global keys of each chunk's sequence, padded with the sequence's first token.
 *
 * @param keys [n, g] packed indices
 * @param exist [n, g] whether it is a global token and not padding
 */
record GlobalColumns(NDArray keys, NDArray exist) {
    static GlobalColumns of(NDManager manager, Tile tile, SequenceLayout layout) {
        int n = tile.chunks().size();
        int g = tile.globals();
        int[] keys = new int[n * g];
        boolean[] exist = new boolean[n * g];
        for (int i = 0; i < n; i++) {
            int sequence = tile.chunks().get(i).sequence();
            int[] globals = layout.globals(sequence);
            int end = i * g + globals.length;
            System.arraycopy(globals, 0, keys, i * g, globals.length);
            Arrays.fill(keys, end, (i + 1) * g, layout.start(sequence));
            Arrays.fill(exist, i * g, end, true);
        }
        Shape shape = new Shape(n, g);
        NDArray packed = manager.create(keys, shape);
        return new GlobalColumns(
                packed.toType(DataType.INT64, false), manager.create(exist, shape));
    }
}
