package io.longspan.model.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.linear.Matrix;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The memory that steps of training work in where the way back is written out: every piece grows to
 * the largest batch, then stays, so that steps make no garbage. One pass at a time; whoever made it
 * closes it.
 */
final class WrittenSpace implements AutoCloseable {
    /** Stands for no layer: pieces that all layers share. */
    static final int SHARED = -1;

    /** What a piece is for. */
    enum Use {
        /** What the layer reads, [T, N]. */
        INPUT,
        /** The input of the lowest layer, [T, N]. */
        ENTRY,
        /** What attention reads in a pre-norm layer, [T, N]. */
        READ,
        QUERY,
        KEY,
        VALUE,
        /** What attention gives, [T, N]. */
        CONTEXT,
        /** The sum that the norm after attention reads, [T, N]. */
        ATTENDED_SUM,
        /** The sum at the end of the layer, [T, N]: a post-norm layer normalises it. */
        SUM,
        /** What GELU reads, [T, F]. */
        INNER,
        /** Gradient of the hidden state, [T, N]. */
        GRADIENT,
        CONTEXT_GRADIENT,
        QUERY_GRADIENT,
        KEY_GRADIENT,
        VALUE_GRADIENT,
        /** What GELU gives, of a chunk, [C, F]. */
        CHUNK_ACTIVE,
        /** Gradient of what GELU reads, of a chunk, [C, F]. */
        CHUNK_INNER_GRADIENT,
        /** What the feed-forward part reads, of a chunk, [C, N]. */
        CHUNK_ATTENDED,
        /** Gradient of what the feed-forward part gives, of a chunk, [C, N]. */
        CHUNK_DOWN_GRADIENT,
        /** Gradient of the attention output's projection, of a chunk, [C, N]. */
        CHUNK_PROJECTION_GRADIENT
    }

    private record Place(int layer, Use use) {}

    private record Piece(NDArray array, MemorySegment memory) {}

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Map<Place, Piece> pieces = new HashMap<>();
    private final List<WrittenWorker> workers = new ArrayList<>();

    private final int width;
    private final int inner;
    private NDManager ofWorkers = manager.newSubManager();
    private int tile;

    /**
     * @param width numbers of a row, N
     * @param inner numbers of an inner row, F
     */
    WrittenSpace(int width, int inner) {
        this.width = width;
        this.inner = inner;
    }

    /** Makes room for tiles of so many rows for each thread. */
    void fit(int threads, int rows) {
        if (workers.size() == threads && rows <= tile) {
            return;
        }
        ofWorkers.close();
        ofWorkers = manager.newSubManager();
        workers.clear();
        tile = rows;
        for (int worker = 0; worker < threads; worker++) {
            workers.add(
                    new WrittenWorker(
                            create(rows, width),
                            create(rows, width),
                            create(rows, inner),
                            width,
                            inner));
        }
    }

    private Matrix create(int rows, int columns) {
        NDArray array = ofWorkers.create(new Shape(rows, columns), DataType.FLOAT32);
        return Matrix.of(TensorBridge.memory(array), rows, columns);
    }

    /** What it holds for a batch as large as the largest. */
    long bytes() {
        long numbers = (long) workers.size() * tile * (2L * width + inner);
        for (Piece piece : pieces.values()) {
            numbers += piece.array().size();
        }
        return numbers * Float.BYTES;
    }

    /** What one thread works in. */
    WrittenWorker worker(int worker) {
        return workers.get(worker);
    }

    /** A piece that all layers share; what it held before stays in it unless it grows. */
    Matrix shared(Use use, int rows, int columns) {
        return of(SHARED, use, rows, columns);
    }

    /** A piece of a layer's own. */
    Matrix of(int layer, Use use, int rows, int columns) {
        long bytes = (long) rows * columns * Float.BYTES;
        return Matrix.of(
                piece(layer, use, rows, columns).memory().asSlice(0, bytes), rows, columns);
    }

    /** The array of a shared piece, [rows, columns], in the manager. */
    NDArray array(Use use, int rows, int columns, NDManager scope) {
        try (NDArray flat =
                piece(SHARED, use, rows, columns).array().get("0:" + (long) rows * columns)) {
            NDArray view = flat.reshape(rows, columns); // [rows, columns]
            view.attach(scope);
            return view;
        }
    }

    private Piece piece(int layer, Use use, long rows, long columns) {
        long needed = rows * columns;
        Place place = new Place(layer, use);
        Piece now = pieces.get(place);
        if (now == null || now.array().size() < needed) {
            if (now != null) {
                now.array().close();
            }
            NDArray array = manager.create(new Shape(needed), DataType.FLOAT32); // [numbers]
            now = new Piece(array, TensorBridge.memory(array));
            pieces.put(place, now);
        }
        return now;
    }

    @Override
    public void close() {
        manager.close();
    }
}
