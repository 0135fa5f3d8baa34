package io.longspan.attention.testkit.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Lengths at the borders of windows, of vectors and of chunks, alone and in ragged batches. */
final class LengthCases {
    private static final int REACH = 5;
    private static final int[] BORDERS = {
        1, REACH - 1, REACH, REACH + 1, 2 * REACH, 2 * REACH + 1, 4 * REACH + 1
    };

    private LengthCases() {}

    static List<AttentionCase> of(CaseSource source) {
        List<AttentionCase> cases = new ArrayList<>();
        for (int length : BORDERS) {
            cases.add(alone(source, length, REACH));
        }
        IntStream.of(2, 7, 31, 63, 64, 65, 97).forEach(n -> cases.add(alone(source, n, 8)));
        cases.add(alone(source, 257, 32));
        cases.add(alone(source, 3, 40));
        cases.addAll(
                CaseBuilder.buildAll(
                        source.named("reach 0: a token sees itself").lengths(9).reach(0),
                        source.named("reach 1").lengths(9, 2).reach(1),
                        source.named("ragged: length 1 beside long ones")
                                .lengths(1, 29, 1, 1, 64, 3)
                                .reach(6),
                        source.named("ragged: around the reach")
                                .lengths(6, 7, 8, 13, 14, 15, 1)
                                .reach(7),
                        source.named("equal lengths").lengths(16, 16, 16).reach(4),
                        source.named("only sequences of length 1").lengths(1, 1, 1, 1).reach(3),
                        source.named("one head").lengths(19).heads(1).reach(4),
                        source.named("five heads").lengths(19).heads(5).reach(4),
                        source.named("scale is not 1/sqrt(D)")
                                .lengths(21)
                                .reach(4)
                                .pattern(p -> p.scale(0.9f))));
        return cases;
    }

    private static AttentionCase alone(CaseSource source, int length, int reach) {
        return source.named("length " + length + ", reach " + reach)
                .lengths(length)
                .reach(reach)
                .build();
    }
}
