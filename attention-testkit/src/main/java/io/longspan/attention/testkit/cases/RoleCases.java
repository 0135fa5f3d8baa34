package io.longspan.attention.testkit.cases;

import java.util.List;
import java.util.stream.IntStream;

/** Global and masked tokens. */
final class RoleCases {
    private RoleCases() {}

    static List<AttentionCase> of(CaseSource source) {
        return CaseBuilder.buildAll(
                source.named("one global at the start").lengths(31).reach(4).global(0),
                source.named("one global at the end").lengths(31).reach(4).global(30),
                source.named("globals at both ends").lengths(26).reach(4).global(0, 25),
                source.named("globals inside and outside of windows")
                        .lengths(36)
                        .reach(5)
                        .global(2, 15, 17, 33),
                source.named("many globals")
                        .lengths(34)
                        .reach(3)
                        .global(IntStream.range(0, 34).filter(t -> t % 3 == 1).toArray()),
                source.named("globals side by side").lengths(30).reach(3).global(8, 9, 10, 11, 12),
                source.named("all tokens are global").roles("GGGGGGG").reach(2),
                source.named("one local among globals").roles("GGGLGGGG").reach(2),
                source.named("globals inside every window").lengths(9).reach(20).global(0, 4),
                source.named("reach 0 with globals").lengths(11).reach(0).global(0, 6),
                source.named("different counts of globals, one sequence without")
                        .roles("GLLLLLLLLL LLLLLLLL GLLGLLGLLLLLG G L")
                        .reach(2),
                source.named("masked on the left").lengths(20).reach(4).maskedRun(0, 5),
                source.named("masked on the right").lengths(20).reach(4).maskedRun(13, 20),
                source.named("masked in the middle").lengths(24).reach(3).masked(9, 11, 12),
                source.named("a masked run wider than the window")
                        .lengths(40)
                        .reach(3)
                        .maskedRun(12, 25),
                source.named("a whole sequence is masked").roles("LLLLLLLL MMMMMM LLLLL").reach(3),
                source.named("all tokens are masked").roles("MMMMM M").reach(2),
                source.named("one token left").roles("MMMMLMMMM MLM").reach(3),
                source.named("globals and masked tokens")
                        .roles("GLLMLLLLGMMLLLLLLLLM MGLLLLLMLL LLLL MMMM GMML")
                        .reach(4),
                source.named("globals beside masked ends")
                        .roles("MMGLLLLLLLGMM LLLGLLL")
                        .heads(3)
                        .reach(2));
    }
}
