package io.longspan.attention.chunks;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.ComposedResult;
import io.longspan.attention.SequenceLayout;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One call, start to end. R rows, T tokens, H heads, D head size.
 *
 * <p>Closing it releases its arrays; the tensors that autograd needs live on in the graph. The
 * arrays of the call are only ever read: every operation starts from an array of its own, because
 * DJL attaches a result to the manager of the first operand.
 */
final class ChunksForward implements AutoCloseable {
    private final ComposedCall call;
    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int[] rows;
    private final NDManager work;
    private final TokenTables tokens;

    ChunksForward(ComposedCall call) {
        this.call = call;
        layout = call.layout();
        pattern = call.pattern();
        rows = call.rows().indices(layout);
        work = call.query().getManager().newSubManager(call.query().getDevice());
        tokens = TokenTables.of(work, layout, rows);
    }

    @Override
    public void close() {
        work.close();
    }

    ComposedResult run() {
        NDArray localRows = tokens.local().take(work, tokens.rows()); // [R]
        NDArray query = table(localRows, call.query()); // [R * H, D]
        NDArray key = table(tokens.present(), call.key()); // [T * H, D]
        NDArray value = table(tokens.present(), call.value()); // [T * H, D]

        NDList outputs = new NDList();
        NDList logSumExps = new NDList();
        SortedMap<Integer, NDArray> places = new TreeMap<>();
        long place = 0;
        for (Tile tile : tiles()) {
            try (NDManager scratch = work.newSubManager()) {
                TileAttention done = attend(scratch, tile, query, key, value);
                done.output().attach(work);
                outputs.add(done.output());
                if (done.logSumExp() != null) {
                    done.logSumExp().attach(work);
                    logSumExps.add(done.logSumExp());
                }
            }
            for (Chunk chunk : tile.chunks()) {
                places.put(chunk.firstRow(), places(place, chunk.rows(), tile.rows()));
                place += (long) pattern.heads() * tile.rows();
            }
        }

        NDArray order = concat(new NDList(places.values())); // [R, H]
        NDArray mixed = TileAttention.gather(order, concat(outputs)); // [R, H, D]
        NDArray output = handOver(keep(localRows, mixed, 0)); // [R, H, D]
        if (!call.wantLogSumExp()) {
            return new ComposedResult(output, null);
        }
        NDArray all = TileAttention.gather(order, concat(logSumExps)); // [R, H, 1]
        NDArray local = keep(localRows, all, Float.NEGATIVE_INFINITY); // [R, H, 1]
        return new ComposedResult(output, handOver(local.squeeze(2)));
    }

    private List<Tile> tiles() {
        List<Chunk> chunks = ChunkCutter.cut(layout, pattern.left(0), rows);
        return new TileCutter(layout, pattern.heads()).cut(chunks);
    }

    private TileAttention attend(
            NDManager scratch, Tile tile, NDArray query, NDArray key, NDArray value) {
        TileIndex index =
                TileIndex.of(scratch, tile, tokens, layout, pattern.left(0), pattern.heads());
        NDArray factors = call.drops() ? new TileDropout(call, rows).factors(scratch, tile) : null;
        return TileAttention.of(
                index, query, key, value, pattern.scale(), factors, call.wantLogSumExp());
    }

    private NDArray handOver(NDArray result) {
        result.attach(call.query().getManager());
        return result;
    }

    /** Where a chunk's output rows are among those of all tiles: [rows, H]. */
    private NDArray places(long first, int chunkRows, int tileRows) {
        NDArray row = work.arange(0, chunkRows, 1, DataType.INT64).add(first).reshape(-1, 1);
        NDArray head = work.arange(0, pattern.heads(), 1, DataType.INT64).mul(tileRows);
        return row.add(head);
    }

    /** DJL's own concat copies a single array without its gradient. */
    private static NDArray concat(NDList parts) {
        return parts.size() == 1 ? parts.head() : NDArrays.concat(parts, 0);
    }

    private NDArray table(NDArray kept, NDArray array) {
        return keep(kept, array, 0).reshape(-1, call.headSize());
    }

    /** A [N, ...] array where {@code kept} [N], and a constant elsewhere. */
    private NDArray keep(NDArray kept, NDArray array, float otherwise) {
        Shape shape = array.getShape();
        NDArray dropped = kept.logicalNot().reshape(-1, 1, 1).broadcast(shape);
        return NDArrays.where(dropped, work.create(otherwise).broadcast(shape), array);
    }
}
