package io.longspan.model.encoder;

import io.longspan.model.config.LongformerConfig;

/**
 * What a pass keeps of each layer beside its last sum and what attention gave. Bits do not depend
 * on it: what is not kept is made again in the same way.
 *
 * @param first layer that is gone back through
 * @param attendedSums layers, from that one on, that keep the sum after attention
 * @param projected layers that keep queries, keys and values
 * @param inner layers that keep what GELU reads
 */
record KeepPlan(int first, int attendedSums, int projected, int inner) {
    /**
     * What fits into a memory, that which saves most time for its bytes first.
     *
     * @param bytes beyond what is always kept
     * @param first layer that is gone back through
     */
    static KeepPlan of(
            Activations activations, long bytes, LongformerConfig config, int first, int tokens) {
        int layers = config.layers() - first;
        if (activations == Activations.KEPT) {
            return new KeepPlan(first, layers, layers, layers);
        }
        long row = (long) tokens * Float.BYTES;
        long left = bytes;
        int sums = fitting(left, row * config.hiddenSize(), layers);
        left -= sums * row * config.hiddenSize();
        int projected = fitting(left, 3 * row * config.hiddenSize(), layers);
        left -= projected * (3 * row) * config.hiddenSize();
        return new KeepPlan(
                first, sums, projected, fitting(left, row * config.intermediateSize(), layers));
    }

    private static int fitting(long bytes, long each, int most) {
        return (int) Math.min(most, bytes / each);
    }

    boolean attendedSum(int layer) {
        return layer - first < attendedSums;
    }

    boolean projections(int layer) {
        return layer - first < projected;
    }

    boolean inner(int layer) {
        return layer - first < inner;
    }
}
