package io.longspan.attention.cuda;

import io.longspan.attention.SequenceLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plan keeps on the device, in one block.
 *
 * @param block of all tables; 0 stands for a table that is not needed
 * @param roles of tokens
 * @param rowOf rows of tokens, or 0
 * @param globals packed indices of global tokens
 * @param queries tiles of 64 queries
 * @param wideQueries tiles of 128 queries
 * @param keys tiles of keys
 * @param globalParts shares of the gradients of global keys
 * @param globalSums sums of the shares
 * @param biasParts stretches of queries with a share of the gradient of the bias each
 * @param biasSums sums of these shares
 */
record PlanTables(
        DeviceBlock block,
        long roles,
        long rowOf,
        long globals,
        Items queries,
        Items wideQueries,
        Items keys,
        Items globalParts,
        Items globalSums,
        Items biasParts,
        Items biasSums)
        implements AutoCloseable {

    private static final long ALIGNMENT = 64;

    /**
     * Items on the device.
     *
     * @param address of the first
     * @param count how many
     */
    record Items(long address, int count) {}

    static PlanTables write(
            Gpu gpu,
            SequenceLayout layout,
            int @Nullable [] rowOf,
            List<Item> queries,
            List<Item> wideQueries,
            List<Item> keys,
            List<Item> globalParts,
            List<Item> globalSums,
            List<Item> biasParts,
            List<Item> biasSums) {
        try (Arena arena = Arena.ofConfined()) {
            List<MemorySegment> parts = new ArrayList<>();
            parts.add(arena.allocateFrom(ValueLayout.JAVA_BYTE, layout.roles()));
            parts.add(
                    rowOf == null
                            ? MemorySegment.NULL
                            : arena.allocateFrom(ValueLayout.JAVA_INT, rowOf));
            parts.add(arena.allocateFrom(ValueLayout.JAVA_INT, layout.globals()));
            for (List<Item> items :
                    List.of(
                            queries,
                            wideQueries,
                            keys,
                            globalParts,
                            globalSums,
                            biasParts,
                            biasSums)) {
                parts.add(Item.pack(items, arena));
            }
            long[] at = new long[parts.size()];
            long bytes = 0;
            for (int p = 0; p < at.length; p++) {
                at[p] = bytes;
                bytes += Math.ceilDiv(parts.get(p).byteSize(), ALIGNMENT) * ALIGNMENT;
            }
            MemorySegment all = arena.allocate(Math.max(1, bytes), ALIGNMENT);
            for (int p = 0; p < at.length; p++) {
                MemorySegment.copy(parts.get(p), 0, all, at[p], parts.get(p).byteSize());
            }
            DeviceBlock block = gpu.allocate(all.byteSize());
            writeOrClose(gpu, block, all);
            long base = block.address();
            return new PlanTables(
                    block,
                    base + at[0],
                    rowOf == null ? 0 : base + at[1],
                    base + at[2],
                    new Items(base + at[3], queries.size()),
                    new Items(base + at[4], wideQueries.size()),
                    new Items(base + at[5], keys.size()),
                    new Items(base + at[6], globalParts.size()),
                    new Items(base + at[7], globalSums.size()),
                    new Items(base + at[8], biasParts.size()),
                    new Items(base + at[9], biasSums.size()));
        }
    }

    private static void writeOrClose(Gpu gpu, DeviceBlock block, MemorySegment content) {
        boolean written = false;
        try {
            gpu.write(block.address(), content);
            written = true;
        } finally {
            if (!written) {
                block.close();
            }
        }
    }

    @Override
    public void close() {
        block.close();
    }
}
