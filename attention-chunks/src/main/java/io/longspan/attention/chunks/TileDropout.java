package io.longspan.attention.chunks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.SequenceLayout;
import java.util.Objects;

/**
 * The dropout factors of a tile. The one loop over rows and heads in Java: the contract's generator
 * works on 32-bit words with 64-bit products, which NDArrays cannot do, so the factors are drawn on
 * the host.
 */
final class TileDropout {
    private final AttentionDropout dropout;
    private final SequenceLayout layout;
    private final int[] rows;
    private final int heads;
    private final float rate;

    TileDropout(ComposedCall call, int[] rows) {
        dropout = Objects.requireNonNull(call.dropout());
        layout = call.layout();
        this.rows = rows;
        heads = call.pattern().heads();
        rate = call.pattern().dropout();
    }

    /** [n, H, c, k + g]; 0 at padding. */
    NDArray factors(NDManager manager, Tile tile) {
        int n = tile.chunks().size();
        int columns = tile.columns();
        float[] factors = new float[Math.multiplyExact(Math.toIntExact(tile.area()), heads)];
        for (int i = 0; i < n; i++) {
            Chunk chunk = tile.chunks().get(i);
            int start = layout.start(chunk.sequence());
            int firstKey = chunk.firstKey() - start;
            DropoutMask mask = dropout.mask(chunk.sequence(), rate);
            int[] globals = tile.whole() ? new int[0] : layout.globals(chunk.sequence());
            for (int h = 0; h < heads; h++) {
                for (int r = 0; r < chunk.rows(); r++) {
                    int row = rows[chunk.firstRow() + r] - start;
                    int at = ((i * heads + h) * tile.rows() + r) * columns;
                    mask.factors(h, row, firstKey, chunk.keys(), factors, at);
                    for (int g = 0; g < globals.length; g++) {
                        factors[at + tile.keys() + g] = mask.factor(h, row, globals[g] - start);
                    }
                }
            }
        }
        // DJL lends the engine a Java buffer that goes with the handle; autograd needs it longer.
        try (NDArray lent = manager.create(factors, new Shape(n, heads, tile.rows(), columns))) {
            return lent.duplicate();
        }
    }
}
