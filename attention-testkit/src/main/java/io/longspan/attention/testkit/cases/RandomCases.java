package io.longspan.attention.testkit.cases;

import io.longspan.attention.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Cases drawn from a seed. Each kind of trouble comes in with its own chance, so that backends of
 * few features get cases too.
 */
final class RandomCases {
    private static final int PURPOSE = 12;

    private final Random random;
    private final CaseBuilder builder;

    private RandomCases(long seed, String name, int headSize) {
        random = new Random(seed);
        builder = new CaseBuilder(name, seed, headSize);
    }

    static List<AttentionCase> of(CaseSource source, int count) {
        List<AttentionCase> cases = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            long seed = Philox.derive(source.seed(), n, PURPOSE);
            cases.add(new RandomCases(seed, "random " + n, source.headSize()).draw());
        }
        return cases;
    }

    private AttentionCase draw() {
        int[] lengths = IntStream.range(0, 1 + random.nextInt(4)).map(b -> length()).toArray();
        int tokens = IntStream.of(lengths).sum();
        builder.lengths(lengths);
        if (chance(0.6)) {
            tokens(tokens, 0.1).forEach(t -> builder.global(t));
        }
        if (chance(0.5)) {
            tokens(tokens, 0.15).forEach(t -> builder.masked(t));
        }
        pattern();
        if (chance(0.3)) {
            int[] rows = tokens(tokens, 0.3).toArray();
            builder.rows(rows.length == 0 ? new int[] {tokens - 1} : rows);
        }
        if (chance(0.3)) {
            builder.dropout(chance(0.5) ? 0.1f : 0.5f);
        }
        return builder.build();
    }

    private void pattern() {
        int heads = 1 + random.nextInt(3);
        int reach = random.nextInt(9);
        boolean plain = chance(0.5);
        boolean causal = !plain && chance(0.4);
        boolean perHead = !plain && chance(0.6);
        boolean dilated = !plain && chance(0.6);
        boolean bias = !plain && chance(0.4);
        builder.heads(heads).reach(reach);
        for (int h = 0; h < heads; h++) {
            int head = h;
            int left = perHead ? random.nextInt(9) : reach;
            int right = causal ? 0 : perHead ? random.nextInt(9) : reach;
            int dilation = dilated ? 1 + random.nextInt(4) : 1;
            builder.pattern(p -> p.reach(head, left, right).dilation(head, dilation));
        }
        builder.pattern(p -> p.causal(causal).offsetBias(bias));
    }

    private int length() {
        return chance(0.2) ? 1 : 1 + random.nextInt(48);
    }

    private IntStream tokens(int count, double share) {
        return IntStream.range(0, count).filter(t -> chance(share)).boxed().toList().stream()
                .mapToInt(Integer::intValue);
    }

    private boolean chance(double share) {
        return random.nextDouble() < share;
    }
}
