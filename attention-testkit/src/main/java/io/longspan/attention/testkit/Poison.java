package io.longspan.attention.testkit;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;

/** Numbers that show up in an answer when they are touched, even when multiplied by zero. */
enum Poison {
    /** Not a number. */
    NAN,
    /** Infinities of both signs and numbers near the largest. */
    HUGE,
    /** Ordinary numbers, other than those of any case. */
    OTHER;

    /** The case's numbers with query, key and value of some packed tokens poisoned. */
    AttentionTensors into(AttentionCase asked, IntPredicate tokens) {
        AttentionTensors tensors = asked.tensors();
        intoRows(asked, tensors.query(), tokens);
        for (int t = 0; t < asked.layout().tokens(); t++) {
            if (tokens.test(t)) {
                fill(asked, tensors.key(), t);
                fill(asked, tensors.value(), t);
            }
        }
        return tensors;
    }

    /** Poisons the rows, [R, H, D], of some packed tokens. */
    void intoRows(AttentionCase asked, float[] rows, IntPredicate tokens) {
        int[] listed = asked.rows().indices(asked.layout());
        for (int r = 0; r < listed.length; r++) {
            if (tokens.test(listed[r])) {
                fill(asked, rows, r);
            }
        }
    }

    /** The case's numbers with NaN in every bias column outside of its head's own reach. */
    static AttentionTensors intoUnusedBias(AttentionCase asked) {
        AttentionTensors tensors = asked.tensors();
        float[] bias = Objects.requireNonNull(tensors.bias());
        AttentionPattern pattern = asked.pattern();
        for (int h = 0; h < pattern.heads(); h++) {
            for (int column = 0; column < pattern.biasColumns(); column++) {
                int offset = column - pattern.maxLeft();
                if (offset < -pattern.left(h) || offset > pattern.right(h)) {
                    bias[h * pattern.biasColumns() + column] = Float.NaN;
                }
            }
        }
        return tensors;
    }

    /** The case's numbers with minus infinity in every bias column of head 0. */
    static AttentionTensors excludeEverythingOfTheFirstHead(AttentionCase asked) {
        AttentionTensors tensors = asked.tensors();
        float[] bias = Objects.requireNonNull(tensors.bias());
        Arrays.fill(bias, 0, asked.pattern().biasColumns(), Float.NEGATIVE_INFINITY);
        return tensors;
    }

    private void fill(AttentionCase asked, float[] rows, int row) {
        for (int i = 0; i < asked.rowWidth(); i++) {
            rows[row * asked.rowWidth() + i] = number(i);
        }
    }

    private float number(int element) {
        return switch (this) {
            case NAN -> Float.NaN;
            case OTHER -> 2.5f - element % 5;
            case HUGE ->
                    switch (element % 4) {
                        case 0 -> Float.POSITIVE_INFINITY;
                        case 1 -> 3e38f;
                        case 2 -> Float.NEGATIVE_INFINITY;
                        default -> -3e38f;
                    };
        };
    }
}
