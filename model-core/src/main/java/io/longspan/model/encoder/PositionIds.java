package io.longspan.model.encoder;

import io.longspan.attention.SequenceLayout;

/**
 * RoBERTa's way to number positions, which Longformer kept: counted from pad id + 1, pads standing
 * aside.
 */
final class PositionIds {
    private PositionIds() {}

    /** The rows of the position table for packed ids, [T]. */
    static long[] of(long[] ids, SequenceLayout layout, int padId) {
        long[] positions = new long[ids.length];
        for (int b = 0; b < layout.sequences(); b++) {
            long next = padId + 1L;
            for (int t = layout.start(b); t < layout.end(b); t++) {
                positions[t] = ids[t] == padId ? padId : next++;
            }
        }
        return positions;
    }
}
