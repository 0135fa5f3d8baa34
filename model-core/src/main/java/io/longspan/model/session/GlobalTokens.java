package io.longspan.model.session;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import java.util.stream.IntStream;

/** Which tokens of a sequence are global: seen by all, and seeing all. */
public enum GlobalTokens {
    /**
     * No token. The choice for masked language modelling: Longformer was pretrained so (paper,
     * section 5), and transformers' head for it makes no token global unless told.
     */
    NONE,
    /**
     * The first token, {@code <s>}. The choice wherever one state stands for the whole text: the
     * paper makes it global for classification (section 6), and transformers' head does so unless
     * told otherwise. A model without global projections, a RoBERTa, has no global token then; its
     * first token sees everything anyway.
     */
    FIRST;

    /** The layout of whole sequences of the given lengths, each at least 1, under this policy. */
    SequenceLayout layout(LongformerConfig config, int... lengths) {
        SequenceLayout local = SequenceLayout.allLocal(lengths);
        if (this == NONE || !config.hasGlobalAttention()) {
            return local;
        }
        return local.withGlobals(IntStream.range(0, local.sequences()).map(local::start).toArray());
    }
}
