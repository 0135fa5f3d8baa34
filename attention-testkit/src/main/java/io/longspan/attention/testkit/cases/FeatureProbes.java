package io.longspan.attention.testkit.cases;

import io.longspan.attention.Feature;

/** The smallest case that needs one feature and no other, for backends that refuse it. */
final class FeatureProbes {
    private FeatureProbes() {}

    static AttentionCase of(CaseSource source, Feature feature) {
        CaseBuilder probe = source.named("probe of " + feature).lengths(9, 4).reach(2);
        return switch (feature) {
            case PER_HEAD_WINDOW -> probe.pattern(p -> p.reach(1, 3, 3)).build();
            case ASYMMETRIC_WINDOW -> probe.pattern(p -> p.reach(3, 1)).build();
            case DILATION -> probe.pattern(p -> p.dilation(2)).build();
            // The one feature that cannot come without another, dilation.
            case PER_HEAD_DILATION -> probe.pattern(p -> p.dilation(1, 3)).build();
            // Reach 0 on both sides, so that the window is symmetric.
            case CAUSAL -> probe.pattern(p -> p.reach(0, 0).causal(true)).build();
            case OFFSET_BIAS -> probe.pattern(p -> p.offsetBias(true)).build();
            case GLOBAL_KEYS -> probe.global(0).build();
            case MASKED_TOKENS -> probe.masked(3).build();
            case QUERY_ROWS -> probe.rows(2, 10).build();
            case DROPOUT -> probe.dropout(0.5f).build();
            case LOG_SUM_EXP, GRADIENTS -> probe.build();
        };
    }
}
