package io.longspan.model.encoder;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ModelType;

/**
 * Rows of the position table. RoBERTa's way, which Longformer kept: counted from pad id + 1, pads
 * standing aside. BERT's: the index in the sequence.
 */
final class PositionIds {
    private PositionIds() {}

    /** The rows for packed ids of a model, [T]. */
    static long[] of(LongformerConfig config, long[] ids, SequenceLayout layout) {
        return config.modelType() == ModelType.BERT
                ? indices(layout)
                : counted(ids, layout, config.ids().pad());
    }

    private static long[] indices(SequenceLayout layout) {
        long[] positions = new long[layout.tokens()];
        for (int b = 0; b < layout.sequences(); b++) {
            for (int t = layout.start(b); t < layout.end(b); t++) {
                positions[t] = (long) t - layout.start(b);
            }
        }
        return positions;
    }

    static long[] counted(long[] ids, SequenceLayout layout, int padId) {
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
