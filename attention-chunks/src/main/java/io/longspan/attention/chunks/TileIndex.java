package io.longspan.attention.chunks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.SequenceLayout;
import java.util.function.ToLongFunction;

/**
 * Where a tile's rows and keys are and which scores are hidden. Built by arithmetic on arrays from
 * a few numbers per chunk. n chunks, H heads, c rows, k window keys, g global keys.
 *
 * <p>Padding repeats the last row or key of its own chunk, so nothing of another sequence is ever
 * read. Rows that are not LOCAL see every column: their output is dropped later, and a softmax over
 * no column at all would be NaN.
 *
 * @param rows [n, H, c] into query as [R * H, D]
 * @param keys [n, H, k + g] into key and value as [T * H, D]
 * @param hidden [n, 1, c, k + g]
 */
record TileIndex(NDArray rows, NDArray keys, NDArray hidden) {

    static TileIndex of(
            NDManager manager,
            Tile tile,
            TokenTables tokens,
            SequenceLayout layout,
            int reach,
            int heads) {
        NDArray lastRow = each(manager, tile, c -> c.firstRow() + c.rows() - 1L); // [n, 1]
        NDArray lastKey = each(manager, tile, c -> c.firstKey() + c.keys() - 1L); // [n, 1]
        NDArray row =
                each(manager, tile, Chunk::firstRow).add(upTo(manager, tile.rows())); // [n, c]
        NDArray key =
                each(manager, tile, Chunk::firstKey).add(upTo(manager, tile.keys())); // [n, k]
        NDArray exists = key.lte(lastKey); // [n, k]
        row = row.minimum(lastRow);
        key = key.minimum(lastKey);

        // A row that reaches its whole sequence meets the global keys inside its window.
        NDArray inWindow = tile.whole() ? tokens.present() : tokens.local(); // [T]
        NDArray usable = inWindow.take(manager, key).logicalAnd(exists).expandDims(1); // [n, 1, k]
        NDArray rowToken = tokens.rows().take(manager, row); // [n, c]
        NDArray distance = rowToken.expandDims(2).sub(key.expandDims(1)).abs(); // [n, c, k]
        NDArray visible = distance.lte(reach).logicalAnd(usable); // [n, c, k]

        if (tile.globals() > 0) {
            GlobalColumns globals = GlobalColumns.of(manager, tile, layout);
            Shape shape = new Shape(tile.chunks().size(), tile.rows(), tile.globals());
            NDArray seen = globals.exist().expandDims(1).broadcast(shape); // [n, c, g]
            key = NDArrays.concat(new NDList(key, globals.keys()), 1); // [n, k + g]
            visible = NDArrays.concat(new NDList(visible, seen), 2); // [n, c, k + g]
        }
        NDArray rowLocal = tokens.local().take(manager, rowToken).expandDims(2); // [n, c, 1]
        NDArray hidden =
                visible.logicalNot().logicalAnd(rowLocal).expandDims(1); // [n, 1, c, k + g]
        return new TileIndex(perHead(row, heads), perHead(key, heads), hidden);
    }

    /** One number of each chunk: [n, 1]. */
    private static NDArray each(NDManager manager, Tile tile, ToLongFunction<Chunk> number) {
        long[] values = tile.chunks().stream().mapToLong(number).toArray();
        return manager.create(values, new Shape(values.length, 1));
    }

    private static NDArray upTo(NDManager manager, int count) {
        return manager.arange(0, count, 1, DataType.INT64);
    }

    /** From tokens [n, x] to rows of a table of (token, head): [n, H, x]. */
    private static NDArray perHead(NDArray tokens, int heads) {
        NDArray head = upTo(tokens.getManager(), heads).reshape(1, heads, 1);
        return tokens.expandDims(1).mul(heads).add(head);
    }
}
