package io.longspan.attention.fused;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * What one thread works in when products are of bfloat16: panels in the order of {@code tiles.c},
 * and the calls on them. Used by one thread at a time.
 */
final class HalfScratch implements AutoCloseable {
    private static final int LANES = 16;
    private static final long CACHE_LINE = 64;
    private static final int PARTS = 10;
    private static final float UNSEEN_CUT = -1e30f;
    private static final long ROW_POINTERS = (long) Tile.SIZE * Long.BYTES;

    private final TileLibrary library;
    private final Arena memory = Arena.ofShared();
    private final int headSize;
    private final int padded;
    private final MemorySegment rows;
    private final MemorySegment first;
    private final MemorySegment end;
    private final MemorySegment queries;
    private final MemorySegment key;
    private final MemorySegment value;
    private final MemorySegment output;
    private final MemorySegment cut;
    private final MemorySegment sum;
    private final MemorySegment factors;

    HalfScratch(TileLibrary library, int headSize) {
        this.library = library;
        this.headSize = headSize;
        padded = Tile.up(headSize, LANES);
        // One piece: all of it is there, or nothing.
        SegmentAllocator parts =
                SegmentAllocator.slicingAllocator(
                        memory.allocate(bytes(headSize) + PARTS * CACHE_LINE, CACHE_LINE));
        rows = parts.allocate(ROW_POINTERS, CACHE_LINE);
        first = floats(parts, Tile.SIZE);
        end = floats(parts, Tile.SIZE);
        queries = floats(parts, (long) Tile.ROWS * padded / 2);
        key = floats(parts, (long) Tile.SIZE * padded / 2);
        value = floats(parts, (long) Tile.SIZE * padded / 2);
        output = floats(parts, (long) Tile.ROWS * padded);
        cut = floats(parts, Tile.ROWS);
        sum = floats(parts, Tile.ROWS);
        factors = floats(parts, Tile.SIZE);
    }

    private static MemorySegment floats(SegmentAllocator parts, long count) {
        return parts.allocate(count * Float.BYTES, CACHE_LINE);
    }

    boolean fits(int size) {
        return headSize == size;
    }

    /** Bytes for a head size. */
    static long bytes(int headSize) {
        long padded = Tile.up(headSize, LANES);
        long panels = Tile.ROWS * padded * 3 / 2 + Tile.SIZE * padded;
        return Float.BYTES * (panels + 2 * Tile.ROWS + 3 * Tile.SIZE) + ROW_POINTERS;
    }

    /** Forgets every query's softmax and output. */
    void reset() {
        output.fill((byte) 0);
        sum.fill((byte) 0);
        for (int q = 0; q < Tile.ROWS; q++) {
            cut.setAtIndex(ValueLayout.JAVA_FLOAT, q, UNSEEN_CUT);
        }
    }

    /** Says where a row of the next panel lies, or 0 for a row of zeros. */
    void row(int index, long address) {
        rows.setAtIndex(ValueLayout.JAVA_LONG, index, address);
    }

    /** The rows become the queries of a block. */
    void packQueries(int block) {
        try {
            library.queries().invokeExact(rows, headSize, padded, queriesOf(block));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The rows become the keys. */
    void packKeys() {
        try {
            library.keys().invokeExact(rows, headSize, padded, key);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The rows become the values. */
    void packValues() {
        try {
            library.values().invokeExact(rows, headSize, padded, value);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Says which queries of a tile see a key: none where the end is 0. */
    void sees(int index, int firstLane, int endLane) {
        first.setAtIndex(ValueLayout.JAVA_INT, index, firstLane);
        end.setAtIndex(ValueLayout.JAVA_INT, index, endLane);
    }

    /**
     * Computes a tile of the packed keys.
     *
     * @param scale of scores, to binary exponents
     * @param full whether every query sees every key; else {@link #sees} said who does
     */
    void tile(int block, int keys, float scale, boolean full) {
        MemorySegment firstSeeing = full ? MemorySegment.NULL : first;
        MemorySegment endSeeing = full ? MemorySegment.NULL : end;
        try {
            library.tile()
                    .invokeExact(
                            queriesOf(block),
                            key,
                            value,
                            slice(output, (long) block * Tile.SIZE * padded),
                            slice(cut, (long) block * Tile.SIZE),
                            slice(sum, (long) block * Tile.SIZE),
                            scale,
                            padded,
                            keys,
                            firstSeeing,
                            endSeeing);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    float sum(int query) {
        return sum.getAtIndex(ValueLayout.JAVA_FLOAT, query);
    }

    /** What exponents of a query are relative to, binary. */
    float cut(int query) {
        return cut.getAtIndex(ValueLayout.JAVA_FLOAT, query);
    }

    /** Says by what a row of output is multiplied when it is stored. */
    void factor(int index, float factor) {
        factors.setAtIndex(ValueLayout.JAVA_FLOAT, index, factor);
    }

    /** Writes the output of a block to the rows, those at 0 left out. */
    void store(int block) {
        try {
            library.store()
                    .invokeExact(
                            slice(output, (long) block * Tile.SIZE * padded),
                            factors,
                            rows,
                            headSize,
                            padded);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private MemorySegment queriesOf(int block) {
        return slice(queries, (long) block * Tile.SIZE * padded / 2);
    }

    private static MemorySegment slice(MemorySegment from, long floats) {
        return from.asSlice(floats * Float.BYTES);
    }

    /** The library throws nothing; only the virtual machine does. */
    private static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a native tile failed", thrown);
    }

    @Override
    public void close() {
        memory.close();
    }
}
