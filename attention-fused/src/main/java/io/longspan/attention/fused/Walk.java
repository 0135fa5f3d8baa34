package io.longspan.attention.fused;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.TensorView;
import org.jspecify.annotations.Nullable;

/**
 * The way through the tiles of one work item: up to {@link Tile#BLOCKS} tiles of queries stay in
 * the scratch while panels of keys pass by, each packed once. Forward and backward differ in what
 * they do with a tile.
 */
abstract class Walk {
    static final double LN_2 = Math.log(2);

    final FusedPlan plan;
    final TileMath math;
    final Strip strip;
    final Scratch scratch;
    final Panels panels;
    final int headSize;
    final @Nullable OffsetBias bias;
    final @Nullable Dropping dropping;

    Walk(
            FusedPlan plan,
            TileMath math,
            Strip strip,
            Scratch scratch,
            @Nullable TensorView offsetBias,
            @Nullable AttentionDropout dropout) {
        this.plan = plan;
        this.math = math;
        this.strip = strip;
        this.scratch = scratch;
        headSize = plan.workload().headSize();
        panels = new Panels(math.rows(), headSize);
        bias =
                offsetBias == null
                        ? null
                        : new OffsetBias(offsetBias, strip, plan.pattern().maxLeft());
        dropping =
                dropout == null
                        ? null
                        : new Dropping(
                                dropout.mask(strip.sequence(), plan.pattern().dropout())
                                        .draws(strip.head()),
                                math.draws(),
                                strip,
                                scratch);
    }

    /** Reads a panel of keys into the scratch; called once per panel, before its first tile. */
    abstract void load(Keys keys);

    /** Does one tile: a block of queries against the panel that was loaded last. */
    abstract void tile(int block, Keys keys);

    /** Takes back what a panel's tiles left in the scratch. */
    abstract void unload(Keys keys);

    /** Takes the wanted rows of the positions from {@code first} on; false when there are none. */
    final boolean gather(int first) {
        boolean any = false;
        for (int block = 0; block < Tile.BLOCKS; block++) {
            scratch.queries[block].gather(plan, strip, first + block * Tile.SIZE);
            any |= scratch.queries[block].count() > 0;
        }
        return any;
    }

    /** Visits every global key that the gathered queries see. */
    final void visitGlobals() {
        int[] globals = plan.globals(strip.sequence());
        for (int from = 0; from < globals.length; from += Tile.SIZE) {
            scratch.keys.ofGlobals(globals, from);
            visit(scratch.keys);
        }
    }

    /** Visits the keys of the strip between two positions that the gathered queries see. */
    final void visitBand(int least, int end) {
        int first = least;
        int last = end;
        boolean any = false;
        for (Queries queries : scratch.queries) {
            if (queries.anyLocal()) {
                first = any ? first : Math.max(least, strip.firstKey(queries.firstPosition()));
                last = Math.min(end, strip.endKey(queries.lastPosition()));
                any = true;
            }
        }
        for (int from = Tile.down(first, Tile.SIZE); any && from < last; from += Tile.SIZE) {
            scratch.keys.ofStrip(plan, strip, from);
            if (scratch.keys.anySeen()) {
                visit(scratch.keys);
            }
        }
    }

    private void visit(Keys keys) {
        boolean loaded = false;
        for (int block = 0; block < Tile.BLOCKS; block++) {
            Queries queries = scratch.queries[block];
            if (queries.anyLocal()
                    && scratch.bounds.set(queries, keys, strip, plan.pattern().causal())) {
                if (!loaded) {
                    load(keys);
                    loaded = true;
                }
                tile(block, keys);
            }
        }
        if (loaded) {
            unload(keys);
        }
    }

    /** Multiplies a tile by its dropout factors. */
    final void drop(float[] tile, Keys keys) {
        math.draws().multiply(tile, scratch.factors, keys.count() * Tile.SIZE);
    }

    /** Columns of a product that cover the queries of a group of keys, or none. */
    final void score(float[] keys, float[] queryColumns, int block, int count, float[] scores) {
        int lanes = math.lanes();
        for (int group = 0; group < count; group += Tile.GROUP) {
            int from = Tile.down(scratch.bounds.firstLane(group), lanes);
            int columns = Tile.up(scratch.bounds.endLane(group), lanes) - from;
            for (int chunk = 0; chunk < scratch.chunks && columns > 0; chunk++) {
                math.products()
                        .plain(
                                scores,
                                group * Tile.SIZE + from,
                                keys,
                                chunk * Tile.AREA + group * Tile.SIZE,
                                queryColumns,
                                scratch.square(block, chunk) + from,
                                Tile.width(headSize, chunk),
                                columns,
                                chunk > 0);
            }
        }
    }

    /** Adds weights times rows of keys to the rows of a block of queries. */
    final void gatherKeys(float[] weights, float[] keys, int block, float[] into) {
        int count = scratch.queries[block].count();
        for (int group = 0; group < count; group += Tile.GROUP) {
            int from = scratch.bounds.firstKey(group);
            int depth = scratch.bounds.endKey(group + Tile.GROUP) - from;
            for (int chunk = 0; chunk < scratch.chunks && depth > 0; chunk++) {
                math.products()
                        .transposed(
                                into,
                                scratch.square(block, chunk) + group * Tile.SIZE,
                                weights,
                                from * Tile.SIZE + group,
                                keys,
                                chunk * Tile.AREA + from * Tile.SIZE,
                                depth,
                                Tile.up(Tile.width(headSize, chunk), math.lanes()));
            }
        }
    }
}
