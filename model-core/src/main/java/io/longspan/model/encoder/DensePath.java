package io.longspan.model.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.stream.IntStream;

/**
 * Attention where every window covers its whole sequence: each row sees each unmasked token, so
 * scores and values are plain matrix products of each sequence, without a gather and without a
 * mask. The same sums as a backend's, in another order.
 */
final class DensePath {
    /** Scores of all heads that are held at once, as in the chunks backend: 12 MiB. */
    private static final long MOST_SCORES = 3L << 20;

    private DensePath() {}

    /**
     * Whether every row of the batch reaches every token of its sequence, and nothing but scores
     * decides how much of it.
     */
    static boolean covers(SequenceLayout layout, AttentionPattern pattern) {
        int farthest = layout.longest() - 1;
        return !pattern.causal()
                && !pattern.offsetBias()
                && IntStream.range(0, pattern.heads())
                        .allMatch(h ->
                                pattern.dilation(h) == 1
                                        && pattern.left(h) >= farthest
                                        && pattern.right(h) >= farthest);
    }

    /**
     * Computes the rows.
     *
     * @param query [R, H, D]
     * @param key [T, H, D]
     * @param value [T, H, D]
     * @param rows packed indices of the queries, ascending
     * @return [R, H, D], in the manager of the query; rows of MASKED tokens are zeros, those of
     *     GLOBAL tokens are computed like the others
     */
    static NDArray forward(
            NDArray query,
            NDArray key,
            NDArray value,
            int[] rows,
            SequenceLayout layout,
            float scale) {
        NDManager home = query.getManager();
        try (NDManager scope = home.newSubManager();
                Lent lentQuery = Lent.to(scope, query);
                Lent _ = Lent.to(scope, key);
                Lent _ = Lent.to(scope, value)) {
            NDArray scaled = query.mul(scope.full(new Shape(), scale)); // [R, H, D]
            NDList parts = new NDList();
            int from = 0;
            for (int b = 0; b < layout.sequences(); b++) {
                int to = from;
                while (to < rows.length && rows[to] < layout.end(b)) {
                    to++;
                }
                if (to > from) {
                    addRows(parts, scaled, key, value, from, to, layout, b);
                }
                from = to;
            }
            NDArray all = GlobalRows.joinRows(parts); // [R, H, D]
            return lentQuery.giveBack(withoutMasked(all, rows, layout)); // [R, H, D]
        }
    }

    private static void addRows(
            NDList parts,
            NDArray scaled,
            NDArray key,
            NDArray value,
            int from,
            int to,
            SequenceLayout layout,
            int b) {
        NDManager scope = scaled.getManager();
        long heads = scaled.getShape().get(1);
        long size = scaled.getShape().get(2);
        int[] seen =
                IntStream.range(layout.start(b), layout.end(b))
                        .filter(t -> layout.role(t) != TokenRole.MASKED)
                        .toArray();
        if (seen.length == 0) {
            parts.add(scope.zeros(new Shape(to - from, heads, size), DataType.FLOAT32));
            return;
        }
        try (NDManager sequence = scope.newSubManager();
                Lent lent = Lent.to(sequence, scaled);
                Lent _ = Lent.to(sequence, key);
                Lent _ = Lent.to(sequence, value)) {
            NDArray keys = tokens(key, seen, layout, b).transpose(1, 2, 0); // [H, D, S]
            NDArray values = tokens(value, seen, layout, b).transpose(1, 0, 2); // [H, S, D]
            int tile = (int) Math.max(1, MOST_SCORES / (heads * seen.length));
            for (int first = from; first < to; first += tile) {
                int last = Math.min(to, first + tile);
                NDArray q =
                        scaled.get(new NDIndex("{}:{}", first, last))
                                .transpose(1, 0, 2); // [H, tile, D]
                try (NDArray scores = q.matMul(keys); // [H, tile, S]
                        NDArray weights = scores.softmax(-1); // [H, tile, S]
                        NDArray mixed = weights.matMul(values)) { // [H, tile, D]
                    parts.add(lent.giveBack(mixed.transpose(1, 0, 2))); // [tile, H, D]
                }
            }
        }
    }

    /** The rows of the tokens that are seen, [S, H, D]. */
    private static NDArray tokens(NDArray array, int[] seen, SequenceLayout layout, int b) {
        if (seen.length == layout.length(b)) {
            return array.get(new NDIndex("{}:{}", layout.start(b), layout.end(b)));
        }
        long[] picked = IntStream.of(seen).asLongStream().toArray();
        Shape shape = array.getShape();
        return Rows.pick(array.reshape(shape.get(0), -1), Rows.index(array.getManager(), picked))
                .reshape(seen.length, shape.get(1), shape.get(2));
    }

    private static NDArray withoutMasked(NDArray all, int[] rows, SequenceLayout layout) {
        boolean[] masked = new boolean[rows.length];
        boolean any = false;
        for (int r = 0; r < rows.length; r++) {
            masked[r] = layout.role(rows[r]) == TokenRole.MASKED;
            any |= masked[r];
        }
        if (!any) {
            return all;
        }
        NDManager scope = all.getManager();
        NDArray hidden =
                Rows.own(scope.create(masked, new Shape(rows.length, 1, 1)))
                        .broadcast(all.getShape()); // [R, H, D]
        return NDArrays.where(hidden, all.zerosLike(), all); // [R, H, D]
    }
}
