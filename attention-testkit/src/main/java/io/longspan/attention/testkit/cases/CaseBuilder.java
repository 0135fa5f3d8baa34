package io.longspan.attention.testkit.cases;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects the parts of a case. Every part has a plain default, so a case states what is odd. */
final class CaseBuilder {
    private final String name;
    private final long seed;
    private int headSize;
    private int heads = 2;
    private UnaryOperator<AttentionPattern.Builder> pattern = builder -> builder;
    private int[] starts = {0, 1};
    private byte[] roles = {TokenRole.LOCAL.code()};
    private QueryRows rows = QueryRows.all();
    private @Nullable AttentionDropout dropout;
    private float rate;
    private InputKind inputs = InputKind.NORMAL;

    CaseBuilder(String name, long seed, int headSize) {
        this.name = name;
        this.seed = seed;
        this.headSize = headSize;
    }

    CaseBuilder lengths(int... lengths) {
        SequenceLayout layout = SequenceLayout.allLocal(lengths);
        starts = layout.starts();
        roles = layout.roles();
        return this;
    }

    /** Roles in letters, L, G or M per token, a space between sequences. */
    CaseBuilder roles(String letters) {
        String[] sequences = letters.split(" ", -1);
        lengths(Arrays.stream(sequences).mapToInt(String::length).toArray());
        String all = String.join("", sequences);
        for (int t = 0; t < all.length(); t++) {
            roles[t] =
                    switch (all.charAt(t)) {
                        case 'L' -> TokenRole.LOCAL.code();
                        case 'G' -> TokenRole.GLOBAL.code();
                        case 'M' -> TokenRole.MASKED.code();
                        default ->
                                throw new IllegalArgumentException(
                                        "role letter is '" + all.charAt(t) + "'; allowed: L G M");
                    };
        }
        return this;
    }

    CaseBuilder global(int... tokens) {
        return role(TokenRole.GLOBAL, tokens);
    }

    CaseBuilder masked(int... tokens) {
        return role(TokenRole.MASKED, tokens);
    }

    CaseBuilder maskedRun(int from, int to) {
        Arrays.fill(roles, from, to, TokenRole.MASKED.code());
        return this;
    }

    private CaseBuilder role(TokenRole role, int... tokens) {
        for (int token : tokens) {
            roles[token] = role.code();
        }
        return this;
    }

    CaseBuilder heads(int count) {
        heads = count;
        return this;
    }

    CaseBuilder headSize(int size) {
        headSize = size;
        return this;
    }

    CaseBuilder reach(int steps) {
        return pattern(builder -> builder.reach(steps, steps));
    }

    CaseBuilder causal(int steps) {
        return pattern(builder -> builder.reach(steps, 0).causal(true));
    }

    /** Adds to what was set of the pattern before. */
    CaseBuilder pattern(UnaryOperator<AttentionPattern.Builder> change) {
        UnaryOperator<AttentionPattern.Builder> before = pattern;
        pattern = builder -> change.apply(before.apply(builder));
        return this;
    }

    CaseBuilder rows(int... listed) {
        rows = QueryRows.of(listed);
        return this;
    }

    /** Drops at a rate; sample ids have nothing to do with slots and use more than 32 bits. */
    CaseBuilder dropout(float dropoutRate) {
        rate = dropoutRate;
        long[] samples = new long[starts.length - 1];
        Arrays.setAll(samples, b -> 1000 - 7L * b + ((b & 1L) << 41));
        dropout = AttentionDropout.of(seed, 250, 3, samples);
        return this;
    }

    /** The pattern has a rate and the call has no dropout, as in inference. */
    CaseBuilder dropoutOnlyInPattern(float dropoutRate) {
        rate = dropoutRate;
        return this;
    }

    CaseBuilder inputs(InputKind kind) {
        inputs = kind;
        return this;
    }

    AttentionCase build() {
        AttentionPattern.Builder builder = AttentionPattern.builder(heads).scaleFor(headSize);
        if (inputs.exactScores()) {
            // A power of two keeps the scores exact.
            builder.scale(inputs.commonOffset() ? 1 : 2);
        }
        return new AttentionCase(
                name,
                seed,
                SequenceLayout.of(starts, roles),
                pattern.apply(builder).dropout(rate).build(),
                headSize,
                rows,
                dropout,
                inputs);
    }

    static List<AttentionCase> buildAll(CaseBuilder... builders) {
        return Arrays.stream(builders).map(CaseBuilder::build).toList();
    }
}
