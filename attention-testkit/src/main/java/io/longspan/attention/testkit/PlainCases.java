package io.longspan.attention.testkit;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Feature;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionCases;
import io.longspan.attention.testkit.cases.InputKind;
import java.util.function.UnaryOperator;

/**
 * Cases that a test states itself: two heads, the subject's usual head size, all rows.
 *
 * @param headSize D
 */
record PlainCases(int headSize) {
    private static final int HEADS = 2;

    PlainCases(ContractSubject subject) {
        this(AttentionCases.probe(Feature.GRADIENTS, subject.capabilities()).headSize());
    }

    /** Two short sequences, for tests that care about something else than numbers. */
    static AttentionCase small(ContractSubject subject) {
        return new PlainCases(subject)
                .of("small", SequenceLayout.allLocal(9, 4), p -> p.reach(2, 2));
    }

    AttentionCase of(
            String name, SequenceLayout layout, UnaryOperator<AttentionPattern.Builder> pattern) {
        return new AttentionCase(
                name,
                AttentionCases.seed() + name.hashCode(),
                layout,
                pattern.apply(AttentionPattern.builder(HEADS).scaleFor(headSize)).build(),
                headSize,
                QueryRows.all(),
                null,
                InputKind.NORMAL);
    }
}
