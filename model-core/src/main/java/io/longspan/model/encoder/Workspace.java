package io.longspan.model.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;

/**
 * The memory that one inference call works in: grows to the largest batch, then stays, so that
 * calls make no garbage. One call at a time; whoever made it closes it.
 */
final class Workspace implements AutoCloseable {
    /** Rows that pass through the feed-forward part at once: its inner tensor stays in a cache. */
    static final int CHUNK = 512;

    /** Capacity grows in such steps; what is never written takes no memory. */
    private static final int STEP = 1024;

    private final int width;
    private final int inner;
    private final boolean preNorm;
    private final float[][] lines;
    private final GlobalSpace globals;
    private NDManager manager;
    private int capacity;
    private Buffers buffers;

    /** What grows. */
    private record Buffers(
            NDArray hidden,
            NDArray read,
            MemorySegment hiddenMemory,
            MemorySegment readMemory,
            MemorySegment query,
            MemorySegment keyValue,
            MemorySegment context,
            MemorySegment inner) {}

    Workspace(LongformerConfig config, int threads) {
        width = config.hiddenSize();
        inner = config.intermediateSize();
        preNorm = config.preLayerNorm();
        lines = new float[2 * threads][width];
        globals = new GlobalSpace(width);
        capacity = STEP;
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        buffers = allocate();
    }

    /** Bytes that are written in a call of so many tokens. */
    static long bytes(LongformerConfig config, long tokens) {
        long rows = tokens * config.hiddenSize() * (config.preLayerNorm() ? 6 : 5);
        return Float.BYTES * (rows + Math.min(tokens, CHUNK) * config.intermediateSize());
    }

    /** Makes room for so many tokens. */
    void fit(int tokens) {
        if (tokens > capacity) {
            manager.close();
            manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
            capacity = Math.ceilDiv(tokens, STEP) * STEP;
            buffers = allocate();
        }
    }

    private Buffers allocate() {
        NDArray hidden = rows(capacity, width); // [capacity, N]
        NDArray read = preNorm ? rows(capacity, width) : hidden; // [capacity, N]
        return new Buffers(
                hidden,
                read,
                TensorBridge.memory(hidden),
                TensorBridge.memory(read),
                TensorBridge.memory(rows(capacity, width)),
                TensorBridge.memory(rows(capacity, 2L * width)),
                TensorBridge.memory(rows(capacity, width)),
                TensorBridge.memory(rows(CHUNK, inner)));
    }

    private NDArray rows(long count, long length) {
        return manager.create(new Shape(count, length), DataType.FLOAT32);
    }

    /** The state between layers, [capacity, N]. */
    MemorySegment hidden() {
        return buffers.hiddenMemory();
    }

    /** What attention and feed-forward part read: the state, or in a pre-norm model its norm. */
    MemorySegment read() {
        return buffers.readMemory();
    }

    /** The first rows of {@link #read} as an array without memory of its own, [rows, N]. */
    NDArray readArray(int rows, NDManager scope) {
        NDArray view = buffers.read().get("0:" + rows); // [rows, N]
        view.attach(scope);
        return view;
    }

    /** Queries, then the state after attention, [capacity, N]. */
    MemorySegment query() {
        return buffers.query();
    }

    /** Keys and values side by side, [capacity, 2N]. */
    MemorySegment keyValue() {
        return buffers.keyValue();
    }

    /** What attention gives, [capacity, N]. */
    MemorySegment context() {
        return buffers.context();
    }

    /** The inner tensor of the feed-forward part, [CHUNK, F]. */
    MemorySegment inner() {
        return buffers.inner();
    }

    /** A row for a worker to work in, [N]; it has two. */
    float[] line(int worker, int which) {
        return lines[2 * worker + which];
    }

    /** What the rows of few global tokens are computed in. */
    GlobalSpace globals() {
        return globals;
    }

    @Override
    public void close() {
        manager.close();
    }
}
