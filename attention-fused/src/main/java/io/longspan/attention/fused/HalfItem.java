package io.longspan.attention.fused;

/**
 * The forward pass of one work item with products of bfloat16: the same way through the same tiles
 * as {@link ForwardItem}, computed by {@link TileLibrary}.
 */
final class HalfItem extends Walk {
    private final ForwardViews tensors;
    private final WorkItem item;
    private final HalfScratch half;
    private final float scale;

    HalfItem(
            FusedPlan plan,
            TileMath math,
            WorkItem item,
            Scratch scratch,
            HalfScratch half,
            ForwardViews tensors) {
        super(plan, math, item.strip(), scratch, null, null);
        this.item = item;
        this.half = half;
        this.tensors = tensors;
        scale = plan.pattern().scale() * TileRows.LOG2_E;
    }

    void run() {
        if (!gather(item.first())) {
            return;
        }
        half.reset();
        for (int block = 0; block < Tile.BLOCKS; block++) {
            if (scratch.queries[block].anyLocal()) {
                point(tensors.query(), scratch.queries[block]);
                half.packQueries(block);
            }
        }
        visitGlobals();
        visitBand(0, strip.length());
        for (int block = 0; block < Tile.BLOCKS; block++) {
            write(block, scratch.queries[block]);
        }
    }

    private void point(Matrix from, Queries queries) {
        for (int q = 0; q < Tile.SIZE; q++) {
            boolean read = q < queries.count() && queries.local[q];
            half.row(q, read ? from.address(queries.row[q], strip.head()) : 0);
        }
    }

    @Override
    void load(Keys keys) {
        point(tensors.key(), keys);
        half.packKeys();
        point(tensors.value(), keys);
        half.packValues();
    }

    private void point(Matrix from, Keys keys) {
        for (int k = 0; k < Tile.SIZE; k++) {
            boolean read = k < keys.count() && keys.seen[k];
            half.row(k, read ? from.address(keys.token[k], strip.head()) : 0);
        }
    }

    @Override
    void unload(Keys keys) {}

    @Override
    void tile(int block, Keys keys) {
        Bounds bounds = scratch.bounds;
        for (int k = 0; k < keys.count() && !bounds.full(); k++) {
            boolean seen = keys.seen[k];
            half.sees(k, seen ? bounds.firstLaneOf(k) : 0, seen ? bounds.endLaneOf(k) : 0);
        }
        half.tile(block, keys.count(), scale, bounds.full());
    }

    private void write(int block, Queries queries) {
        Matrix output = tensors.output();
        Matrix logSumExp = tensors.logSumExp();
        for (int q = 0; q < Tile.SIZE; q++) {
            boolean there = q < queries.count();
            half.row(q, there ? output.address(queries.row[q], strip.head()) : 0);
            float sum = half.sum(block * Tile.SIZE + q);
            boolean empty = !there || !queries.local[q] || sum == 0;
            half.factor(q, empty ? 0 : 1 / sum);
            if (there && logSumExp != null) {
                float cut = half.cut(block * Tile.SIZE + q);
                logSumExp.put(
                        queries.row[q],
                        strip.head(),
                        empty ? Float.NEGATIVE_INFINITY : (float) (cut * LN_2 + Math.log(sum)));
            }
        }
        half.store(block);
    }
}
