package io.longspan.attention.testkit.cases;

import io.longspan.attention.Capabilities;
import io.longspan.attention.Feature;
import java.util.ArrayList;
import java.util.List;

/** The cases of the kit. */
public final class AttentionCases {
    private static final long DEFAULT_SEED = 20_200_410;
    private static final int DEFAULT_RANDOM = 12;
    private static final int USUAL_HEAD_SIZE = 8;

    private AttentionCases() {}

    /**
     * Every case, named and random. Cases that need what is not declared are among them: they are
     * there to be refused.
     *
     * @param capabilities decides the head size of cases that do not care about it
     */
    public static List<AttentionCase> all(Capabilities capabilities) {
        CaseSource source = source(capabilities);
        List<AttentionCase> cases = new ArrayList<>();
        cases.addAll(LengthCases.of(source));
        cases.addAll(PatternCases.of(source));
        cases.addAll(RoleCases.of(source));
        cases.addAll(CallCases.of(source));
        cases.addAll(NumericsCases.of(source));
        cases.addAll(RandomCases.of(source, Integer.getInteger("testkit.random", DEFAULT_RANDOM)));
        return cases;
    }

    /** The smallest case that needs a feature and, but for what it implies, no other. */
    public static AttentionCase probe(Feature feature, Capabilities capabilities) {
        return FeatureProbes.of(source(capabilities), feature);
    }

    /** The run's seed: the system property {@code testkit.seed}, or a fixed one. */
    public static long seed() {
        return Long.getLong("testkit.seed", DEFAULT_SEED);
    }

    private static CaseSource source(Capabilities capabilities) {
        int multiple = capabilities.headSizeMultiple();
        int size = Math.ceilDiv(USUAL_HEAD_SIZE, multiple) * multiple;
        int largest = capabilities.maxHeadSize() / multiple * multiple;
        return new CaseSource(seed(), Math.min(size, largest));
    }
}
