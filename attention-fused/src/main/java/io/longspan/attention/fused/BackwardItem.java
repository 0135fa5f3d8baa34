package io.longspan.attention.fused;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.TokenRole;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The backward pass of one work item. It owns a segment of a strip: the gradients of its queries,
 * keys and values. Tiles inside the segment give all three. Where the window reaches over a border,
 * both neighbours compute the tile, each for what it owns; so nobody waits and nobody adds to
 * another's memory.
 */
final class BackwardItem extends Walk {
    /** Makes every probability of a row exactly zero. */
    private static final float NOTHING = 3e38f;

    private final BackwardViews tensors;
    private final WorkItem item;
    private final float[] saved;
    private final Partial partial;
    private final Scratch.Gradients gradients;
    private boolean ownsQueries;
    private boolean ownsKeys;

    BackwardItem(
            FusedPlan plan,
            TileMath math,
            WorkItem item,
            Scratch scratch,
            BackwardViews tensors,
            @Nullable AttentionDropout dropout,
            float[] saved,
            Partial partial) {
        super(plan, math, item.strip(), scratch, tensors.offsetBias(), dropout);
        this.item = item;
        this.tensors = tensors;
        this.saved = saved;
        this.partial = partial;
        gradients = scratch.gradients;
    }

    void run() {
        clearKeys();
        int least = Math.max(0, item.first() - strip.right());
        int end = (int) Math.min(strip.length(), (long) item.end() + strip.left());
        for (int first = Tile.down(least, Tile.ROWS); first < end; first += Tile.ROWS) {
            if (gather(first)) {
                ownsQueries = first >= item.first() && first < item.end();
                queries();
            }
        }
        if (bias != null) {
            partial.setBias(bias.gradient());
        }
    }

    /** Before anything is added to them. */
    private void clearKeys() {
        Arrays.fill(gradients.key, 0);
        for (int from = item.first(); from < item.end(); from += Tile.SIZE) {
            scratch.keys.ofStrip(plan, strip, from);
            for (int k = 0; k < scratch.keys.count(); k++) {
                // The gradient of a global key is the sum of all partials.
                scratch.keys.seen[k] = !plan.isRole(scratch.keys.token[k], TokenRole.GLOBAL);
            }
            panels.storeKeys(gradients.key, strip, scratch.keys, tensors.keyGradient());
            panels.storeKeys(gradients.key, strip, scratch.keys, tensors.valueGradient());
        }
    }

    private void queries() {
        for (int block = 0; block < Tile.BLOCKS; block++) {
            if (scratch.queries[block].anyLocal()) {
                load(block);
            }
        }
        if (ownsQueries) {
            visitGlobals();
            visitBand(0, strip.length());
            write();
        } else {
            visitBand(item.first(), item.end());
        }
    }

    private void load(int block) {
        Queries queries = scratch.queries[block];
        int square = scratch.square(block, 0);
        float scale = plan.pattern().scale();
        // The output is needed for its product with its gradient only; then its place is free.
        panels.loadQueries(tensors.output(), strip, queries, 1, scratch.output, square);
        panels.loadQueries(tensors.outputGradient(), strip, queries, 1, gradients.output, square);
        panels.loadQueries(tensors.query(), strip, queries, scale, gradients.query, square);
        panels.turn(gradients.query, scratch.queryColumns, square);
        panels.turn(gradients.output, gradients.outputColumns, square);
        for (int q = 0; q < Tile.SIZE; q++) {
            int at = block * Tile.SIZE + q;
            float log2 =
                    q < queries.count() && queries.local[q]
                            ? saved[queries.row[q] * plan.pattern().heads() + strip.head()]
                            : Float.NEGATIVE_INFINITY;
            gradients.cut[at] = log2 == Float.NEGATIVE_INFINITY ? NOTHING : log2;
            gradients.mean[at] = mean(square + q * Tile.SIZE);
        }
        Arrays.fill(scratch.output, square, square + scratch.chunks * Tile.AREA, 0);
    }

    private float mean(int row) {
        float sum = 0;
        for (int chunk = 0; chunk < scratch.chunks; chunk++) {
            int at = row + chunk * Tile.AREA;
            int width = Tile.width(headSize, chunk);
            sum +=
                    math.rows()
                            .dot(scratch.output, at, gradients.output, at, width, scratch.products);
        }
        return sum;
    }

    @Override
    void load(Keys keys) {
        panels.loadKeys(tensors.key(), strip, keys, scratch.key);
        panels.loadKeys(tensors.value(), strip, keys, scratch.value);
        ownsKeys = keys.isBand() && keys.first() >= item.first() && keys.first() < item.end();
        if (ownsKeys) {
            panels.loadKeys(tensors.keyGradient(), strip, keys, gradients.key);
            panels.loadKeys(tensors.valueGradient(), strip, keys, gradients.value);
        }
    }

    @Override
    void unload(Keys keys) {
        if (ownsKeys) {
            panels.storeKeys(gradients.key, strip, keys, tensors.keyGradient());
            panels.storeKeys(gradients.value, strip, keys, tensors.valueGradient());
        }
    }

    @Override
    void tile(int block, Keys keys) {
        Bounds bounds = scratch.bounds;
        Queries queries = scratch.queries[block];
        score(scratch.key, scratch.queryColumns, block, keys.count(), scratch.scores);
        score(scratch.value, gradients.outputColumns, block, keys.count(), gradients.scores);
        if (bias != null && keys.isBand()) {
            bias.add(scratch.scores, queries, keys, bounds);
        }
        bounds.exclude(keys, scratch.scores);
        bounds.clearUnseen(gradients.scores);
        if (dropping != null) {
            dropping.factors(queries, keys);
            drop(gradients.scores, keys);
        }
        ofScores(block, keys);
        if (dropping != null) {
            drop(scratch.scores, keys);
        }
        if (ownsQueries) {
            gatherKeys(gradients.scores, scratch.key, block, scratch.output);
            if (bias != null && keys.isBand()) {
                bias.addGradient(gradients.scores, queries, keys, bounds);
            }
        }
        if (ownsKeys) {
            gatherQueries(scratch.scores, gradients.output, block, keys, gradients.value, 0);
            gatherQueries(gradients.scores, gradients.query, block, keys, gradients.key, 0);
        } else if (!keys.isBand()) {
            int square = Partial.square(keys.first(), 0, scratch.chunks);
            gatherQueries(scratch.scores, gradients.output, block, keys, partial.value(), square);
            gatherQueries(gradients.scores, gradients.query, block, keys, partial.key(), square);
        }
    }

    private void ofScores(int block, Keys keys) {
        int lanes = math.lanes();
        for (int lane = 0; lane < scratch.queries[block].count(); lane += lanes) {
            int from = Tile.down(scratch.bounds.firstKey(lane), Tile.GROUP);
            int to =
                    Math.min(
                            keys.count(), Tile.up(scratch.bounds.endKey(lane + lanes), Tile.GROUP));
            if (from < to) {
                math.rows()
                        .gradients(
                                scratch.scores,
                                gradients.scores,
                                lane,
                                from,
                                to,
                                gradients.cut,
                                gradients.mean,
                                block * Tile.SIZE + lane);
            }
        }
    }

    /** Adds weights times rows of queries to the rows of the keys. */
    private void gatherQueries(
            float[] weights, float[] rows, int block, Keys keys, float[] into, int square) {
        for (int group = 0; group < keys.count(); group += Tile.GROUP) {
            int from = scratch.bounds.firstLane(group);
            int depth = scratch.bounds.endLane(group) - from;
            for (int chunk = 0; chunk < scratch.chunks && depth > 0; chunk++) {
                math.products()
                        .plain(
                                into,
                                square + chunk * Tile.AREA + group * Tile.SIZE,
                                weights,
                                group * Tile.SIZE + from,
                                rows,
                                scratch.square(block, chunk) + from * Tile.SIZE,
                                depth,
                                Tile.up(Tile.width(headSize, chunk), math.lanes()),
                                true);
            }
        }
    }

    private void write() {
        Matrix gradient = tensors.queryGradient();
        for (int block = 0; block < Tile.BLOCKS; block++) {
            Queries queries = scratch.queries[block];
            int square = scratch.square(block, 0);
            for (int q = 0; q < queries.count(); q++) {
                if (!queries.local[q]) {
                    clear(square, q);
                }
                panels.storeQuery(
                        scratch.output,
                        square,
                        q,
                        plan.pattern().scale(),
                        gradient,
                        queries.row[q],
                        strip.head());
            }
        }
    }

    private void clear(int square, int q) {
        for (int chunk = 0; chunk < scratch.chunks; chunk++) {
            int at = square + chunk * Tile.AREA + q * Tile.SIZE;
            Arrays.fill(scratch.output, at, at + Tile.SIZE, 0);
        }
    }
}
