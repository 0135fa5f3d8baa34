package io.longspan.attention.testkit.cases;

import java.util.List;
import java.util.stream.IntStream;

/** Query rows and dropout. */
final class CallCases {
    private static final String MIXED = "GLLLMLLLLGLLLLLM LLLLL GLLLLLLMLLL M L";

    private CallCases() {}

    static List<AttentionCase> of(CaseSource source) {
        return CaseBuilder.buildAll(
                source.named("query rows: the first").lengths(30).reach(4).rows(0),
                source.named("query rows: the last").lengths(30).reach(4).rows(29),
                source.named("query rows: first of each sequence")
                        .lengths(14, 1, 9)
                        .reach(4)
                        .rows(0, 14, 15),
                source.named("query rows: scattered")
                        .lengths(24, 3, 18)
                        .reach(5)
                        .rows(1, 2, 11, 23, 24, 26, 30, 44),
                source.named("query rows: one sequence only")
                        .lengths(9, 9, 9)
                        .reach(3)
                        .rows(10, 16),
                source.named("query rows: global and masked ones too")
                        .roles(MIXED)
                        .reach(3)
                        .rows(0, 3, 4, 9, 14, 15, 18, 21, 22, 29, 32, 33),
                source.named("query rows: only global and masked ones")
                        .roles(MIXED)
                        .reach(3)
                        .rows(0, 4, 9, 15),
                source.named("query rows: all of them, listed")
                        .roles(MIXED)
                        .reach(3)
                        .rows(IntStream.range(0, 34).toArray()),
                source.named("query rows, causal").lengths(17, 12).causal(5).rows(0, 3, 16, 17, 25),
                source.named("query rows, dilation and windows per head")
                        .roles("GLLLLLLLLLLLLLLLMLLL LLLGLLLL")
                        .pattern(p -> p.reach(0, 4, 1).reach(1, 2, 3).dilation(1, 3))
                        .rows(2, 9, 15, 19, 20, 24),
                source.named("query rows with offset bias")
                        .lengths(15, 6)
                        .reach(4)
                        .pattern(p -> p.offsetBias(true))
                        .rows(1, 8, 14, 15),
                source.named("dropout 0.1").lengths(37, 9).reach(6).dropout(0.1f),
                source.named("dropout 0.5").lengths(29, 1, 14).reach(6).heads(3).dropout(0.5f),
                source.named("dropout with globals and masked tokens")
                        .roles(MIXED)
                        .reach(4)
                        .dropout(0.5f),
                source.named("dropout with query rows")
                        .roles(MIXED)
                        .reach(4)
                        .dropout(0.5f)
                        .rows(1, 9, 12, 17, 18, 30),
                source.named("dropout, causal, dilation per head")
                        .roles("LLGLLLLLLLLLLLLGLLLL LLLLLL")
                        .pattern(p -> p.reach(4, 0).causal(true).dilation(1, 2))
                        .dropout(0.5f),
                source.named("dropout with offset bias")
                        .lengths(18, 5)
                        .reach(4)
                        .pattern(p -> p.offsetBias(true))
                        .dropout(0.1f),
                source.named("a dropout rate, but not in this call")
                        .lengths(18)
                        .reach(4)
                        .dropoutOnlyInPattern(0.5f));
    }
}
