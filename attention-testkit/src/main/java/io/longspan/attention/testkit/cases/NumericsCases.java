package io.longspan.attention.testkit.cases;

import java.util.List;

/** Scores that leave the range of exp in float32, and head sizes that leave the usual ones. */
final class NumericsCases {
    private NumericsCases() {}

    static List<AttentionCase> of(CaseSource source) {
        return CaseBuilder.buildAll(
                source.named("steep scores").lengths(33).reach(6).inputs(InputKind.STEEP),
                source.named("steep scores with globals and masked tokens")
                        .roles("GLLLLLLLMMLLLLLLLLGL LLMLLLLG")
                        .reach(4)
                        .inputs(InputKind.STEEP),
                source.named("scores near 10,000").lengths(21, 4).reach(4).inputs(InputKind.HIGH),
                source.named("scores near 10,000 with globals and masked tokens")
                        .roles("GLLLLLLLMMLLLLLLLLGL LLMLLLLG")
                        .reach(4)
                        .inputs(InputKind.HIGH),
                source.named("scores near -10,000").lengths(21, 4).reach(4).inputs(InputKind.LOW),
                source.named("scores near -10,000 with globals and masked tokens")
                        .roles("GLLLLLLLMMLLLLLLLLGL LLMLLLLG")
                        .reach(4)
                        .inputs(InputKind.LOW),
                source.named("head size 1").lengths(17, 3).reach(4).headSize(1),
                source.named("head size 5, three heads").lengths(23).heads(3).reach(4).headSize(5),
                source.named("head size 5 with globals and masked tokens")
                        .roles("GLLMLLLLGMMLL LLGL")
                        .reach(3)
                        .headSize(5),
                source.named("head size 64").lengths(70, 11).heads(3).reach(16).headSize(64),
                source.named("head size 64 with globals")
                        .lengths(66, 9)
                        .reach(16)
                        .headSize(64)
                        .global(0, 40, 66),
                source.named("head size 80").lengths(19).reach(4).headSize(80),
                source.named("head size 128").lengths(19).reach(4).headSize(128));
    }
}
