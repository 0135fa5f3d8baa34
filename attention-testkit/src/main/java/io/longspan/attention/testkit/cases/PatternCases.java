package io.longspan.attention.testkit.cases;

import java.util.List;

/** Windows, dilation, causality and bias, alone and together. */
final class PatternCases {
    private PatternCases() {}

    static List<AttentionCase> of(CaseSource source) {
        return CaseBuilder.buildAll(
                source.named("symmetric windows per head")
                        .lengths(33, 5)
                        .heads(3)
                        .pattern(p -> p.reach(0, 3, 3).reach(1, 8, 8).reach(2, 0, 0)),
                source.named("asymmetric").lengths(33, 7).pattern(p -> p.reach(6, 2)),
                source.named("looks only ahead").lengths(23, 7).pattern(p -> p.reach(0, 5)),
                source.named("asymmetric per head")
                        .lengths(29, 4)
                        .heads(3)
                        .pattern(p -> p.reach(0, 9, 1).reach(1, 0, 4).reach(2, 2, 2)),
                source.named("dilation 2").lengths(40, 9).pattern(p -> p.reach(4, 4).dilation(2)),
                source.named("dilation per head, same windows")
                        .lengths(41, 6)
                        .heads(3)
                        .pattern(p -> p.reach(3, 3).dilation(1, 2).dilation(2, 5)),
                source.named("dilation and windows per head")
                        .lengths(47, 11)
                        .heads(3)
                        .pattern(p ->
                                p.reach(0, 5, 1)
                                        .reach(1, 2, 7)
                                        .reach(2, 3, 3)
                                        .dilation(0, 3)
                                        .dilation(2, 4)),
                source.named("dilation times reach is beyond the length")
                        .lengths(17)
                        .pattern(p -> p.reach(6, 6).dilation(4)),
                source.named("dilation is beyond the length")
                        .lengths(5, 12)
                        .pattern(p -> p.reach(2, 2).dilation(13)),
                source.named("dilation with globals and masked tokens")
                        .roles("GLLLLMLLLLLLGLLLLLLMML LLGLLLL")
                        .pattern(p -> p.reach(3, 3).dilation(2)),
                source.named("causal").lengths(37, 1, 6).causal(5),
                source.named("causal covers the sequence").lengths(12).causal(30),
                source.named("causal reach 0").lengths(7).causal(0),
                source.named("causal with globals")
                        .roles("LLLGLLLLLLLLLGLLLLLG GLLLLLL LLLLLLG")
                        .causal(4),
                source.named("causal, dilation per head, globals")
                        .roles("LLLGLLLLLLLLLGLLLLLG LLMLLGL")
                        .pattern(p -> p.reach(0, 4, 0).reach(1, 2, 0).dilation(1, 3).causal(true)),
                source.named("offset bias")
                        .lengths(25, 4)
                        .reach(4)
                        .pattern(p -> p.offsetBias(true)),
                source.named("offset bias, globals and masked tokens")
                        .roles("GLLLLLLLMLLLG LLLLMLLL")
                        .reach(3)
                        .pattern(p -> p.offsetBias(true)),
                source.named("offset bias, windows and dilation per head")
                        .roles("GLLLLLLLLLLLLGLLLLLL LLLLLLL")
                        .heads(3)
                        .pattern(p ->
                                p.reach(0, 5, 1)
                                        .reach(1, 0, 3)
                                        .reach(2, 2, 2)
                                        .dilation(1, 2)
                                        .offsetBias(true)),
                source.named("offset bias, causal")
                        .lengths(19, 2)
                        .causal(6)
                        .pattern(p -> p.offsetBias(true)));
    }
}
