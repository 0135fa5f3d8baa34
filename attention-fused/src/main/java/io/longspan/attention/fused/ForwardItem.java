package io.longspan.attention.fused;

import io.longspan.attention.AttentionDropout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of one work item: online softmax over the global keys, then over the band from
 * left to right.
 */
final class ForwardItem extends Walk {
    private final ForwardViews tensors;
    private final WorkItem item;
    private final float @Nullable [] saved;

    /**
     * One item of a call.
     *
     * @param saved receives log2 of the sum of exponentials of each row and head, [R, H]; or null
     */
    ForwardItem(
            FusedPlan plan,
            TileMath math,
            WorkItem item,
            Scratch scratch,
            ForwardViews tensors,
            @Nullable AttentionDropout dropout,
            float @Nullable [] saved) {
        super(plan, math, item.strip(), scratch, tensors.offsetBias(), dropout);
        this.item = item;
        this.tensors = tensors;
        this.saved = saved;
    }

    void run() {
        if (!gather(item.first())) {
            return;
        }
        Matrix query = tensors.query();
        for (int block = 0; block < Tile.BLOCKS; block++) {
            if (scratch.queries[block].anyLocal()) {
                int square = scratch.square(block, 0);
                panels.loadQueries(
                        query,
                        strip,
                        scratch.queries[block],
                        plan.pattern().scale(),
                        scratch.output,
                        square);
                panels.turn(scratch.output, scratch.queryColumns, square);
                Arrays.fill(scratch.output, square, square + scratch.chunks * Tile.AREA, 0);
            }
        }
        scratch.running.reset();
        visitGlobals();
        visitBand(0, strip.length());
        write();
    }

    @Override
    void load(Keys keys) {
        panels.loadKeys(tensors.key(), strip, keys, scratch.key);
        panels.loadKeys(tensors.value(), strip, keys, scratch.value);
    }

    @Override
    void unload(Keys keys) {}

    @Override
    void tile(int block, Keys keys) {
        Bounds bounds = scratch.bounds;
        Queries queries = scratch.queries[block];
        float[] scores = scratch.scores;
        score(scratch.key, scratch.queryColumns, block, keys.count(), scores);
        if (bias != null && keys.isBand()) {
            bias.add(scores, queries, keys, bounds);
        }
        bounds.exclude(keys, scores);
        if (softmax(block, keys)) {
            shrinkOutput(block);
        }
        if (dropping != null) {
            dropping.factors(queries, keys);
            drop(scores, keys);
        }
        gatherKeys(scores, scratch.value, block, scratch.output);
    }

    private boolean softmax(int block, Keys keys) {
        int lanes = math.lanes();
        boolean raised = false;
        Arrays.fill(scratch.running.shrink, block * Tile.SIZE, block * Tile.SIZE + Tile.SIZE, 1);
        for (int lane = 0; lane < scratch.queries[block].count(); lane += lanes) {
            int from = Tile.down(scratch.bounds.firstKey(lane), Tile.GROUP);
            int to =
                    Math.min(
                            keys.count(), Tile.up(scratch.bounds.endKey(lane + lanes), Tile.GROUP));
            if (from < to) {
                raised |=
                        math.rows()
                                .softmax(
                                        scratch.scores,
                                        lane,
                                        from,
                                        to,
                                        scratch.running,
                                        block * Tile.SIZE + lane);
            }
        }
        return raised;
    }

    private void shrinkOutput(int block) {
        for (int q = 0; q < scratch.queries[block].count(); q++) {
            float factor = scratch.running.shrink[block * Tile.SIZE + q];
            for (int chunk = 0; chunk < scratch.chunks && factor != 1; chunk++) {
                math.rows()
                        .scale(
                                scratch.output,
                                scratch.square(block, chunk) + q * Tile.SIZE,
                                Tile.width(headSize, chunk),
                                factor);
            }
        }
    }

    private void write() {
        Matrix output = tensors.output();
        Matrix logSumExp = tensors.logSumExp();
        for (int block = 0; block < Tile.BLOCKS; block++) {
            Queries queries = scratch.queries[block];
            int square = scratch.square(block, 0);
            for (int q = 0; q < queries.count(); q++) {
                float sum = scratch.running.sum[block * Tile.SIZE + q];
                boolean empty = !queries.local[q] || sum == 0;
                if (empty) {
                    clear(square, q);
                }
                float factor = empty ? 0 : 1 / sum;
                panels.storeQuery(
                        scratch.output, square, q, factor, output, queries.row[q], strip.head());
                double log2 =
                        empty
                                ? Double.NEGATIVE_INFINITY
                                : scratch.running.cut[block * Tile.SIZE + q] + Math.log(sum) / LN_2;
                keep(queries.row[q], log2, logSumExp);
            }
        }
    }

    private void keep(int row, double log2, @Nullable Matrix logSumExp) {
        if (logSumExp != null) {
            logSumExp.put(row, strip.head(), (float) (log2 * LN_2));
        }
        if (saved != null) {
            saved[row * plan.pattern().heads() + strip.head()] = (float) log2;
        }
    }

    private void clear(int square, int q) {
        for (int chunk = 0; chunk < scratch.chunks; chunk++) {
            int at = square + chunk * Tile.AREA + q * Tile.SIZE;
            Arrays.fill(scratch.output, at, at + Tile.SIZE, 0);
        }
    }
}
