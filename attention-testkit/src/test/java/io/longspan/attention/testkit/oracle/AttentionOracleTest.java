package io.longspan.attention.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The oracle against small answers worked out by hand, and against textbook softmax. */
final class AttentionOracleTest {
    private static final byte M = TokenRole.MASKED.code();
    private static final byte L = TokenRole.LOCAL.code();
    private static final byte G = TokenRole.GLOBAL.code();

    /** Scores 0, ln 2 and ln 4 weigh keys 1 : 2 : 4. */
    private static final float[] KEYS = {0, ln(2), ln(4), ln(2), 0};

    private static final float[] VALUES = {7, 14, 28, 70, 140};

    @Test
    void aWindowOfOneStepWeighsThreeKeys() {
        OracleForward answer = oneHead(new byte[] {L, L, L, L, L}, null, p -> p.reach(1, 1));
        assertThat(answer.output())
                .satisfies(
                        o -> near(o[0], (7 + 2 * 14) / 3.0),
                        o -> near(o[1], (7 + 2 * 14 + 4 * 28) / 7.0),
                        o -> near(o[2], (2 * 14 + 4 * 28 + 2 * 70) / 8.0),
                        o -> near(o[4], (2 * 70 + 140) / 3.0));
        near(answer.logSumExp()[0], Math.log(3));
        near(answer.logSumExp()[2], Math.log(8));
    }

    @Test
    void leftAndRightReachAreNotMistakenForEachOther() {
        OracleForward answer = oneHead(new byte[] {L, L, L, L, L}, null, p -> p.reach(2, 0));
        near(answer.output()[0], 7);
        near(answer.output()[2], (7 + 2 * 14 + 4 * 28) / 7.0);
    }

    @Test
    void dilationSkipsTheTokensBetween() {
        OracleForward answer =
                oneHead(new byte[] {L, L, L, L, L}, null, p -> p.reach(1, 1).dilation(2));
        near(answer.output()[2], (7 + 4 * 28 + 140) / 6.0);
        near(answer.output()[1], (2 * 14 + 2 * 70) / 4.0);
    }

    @Test
    void aGlobalKeyCountsOnceInsideOfTheWindowAndOnceOutside() {
        OracleForward answer = oneHead(new byte[] {G, L, L, L, L}, null, p -> p.reach(1, 1));
        assertThat(answer.output()[0]).isZero();
        assertThat(answer.logSumExp()[0]).isEqualTo(Double.NEGATIVE_INFINITY);
        near(answer.output()[1], (7 + 2 * 14 + 4 * 28) / 7.0);
        near(answer.output()[4], (7 + 2 * 70 + 140) / 4.0);
    }

    @Test
    void aCausalRowSeesGlobalKeysBeforeItOnly() {
        OracleForward answer =
                oneHead(new byte[] {L, L, G, L, L}, null, p -> p.reach(0, 0).causal(true));
        near(answer.output()[1], 14);
        near(answer.output()[3], (4 * 28 + 2 * 70) / 6.0);
    }

    @Test
    void aMaskedTokenIsNotSeenAndStillTakesItsPlace() {
        OracleForward answer = oneHead(new byte[] {L, M, L, L, L}, null, p -> p.reach(1, 1));
        near(answer.output()[0], 7);
        assertThat(answer.output()[1]).isZero();
        near(answer.output()[2], (4 * 28 + 2 * 70) / 6.0);
    }

    @Test
    void aBiasBelongsToTheOffsetAndGlobalKeysGetNone() {
        float[] bias = {ln(3), Float.NEGATIVE_INFINITY, 0};
        OracleForward answer =
                oneHead(new byte[] {L, L, L, L, G}, bias, p -> p.reach(1, 1).offsetBias(true));
        // Row 1 sees key 0 with 3, not itself, key 2 with 4, and the global one with 1.
        near(answer.output()[1], (3 * 7 + 4 * 28 + 140) / 8.0);
        near(answer.logSumExp()[1], Math.log(8));
        // Row 3's key to the right is the global one: counted as such, without the bias of 0.
        near(answer.output()[3], (3 * 4 * 28 + 140) / 13.0);
    }

    @Test
    void aRowWhoseEveryKeyIsExcludedIsZero() {
        OracleForward answer =
                oneHead(
                        new byte[] {L, L, L, L, L},
                        new float[] {Float.NEGATIVE_INFINITY},
                        p -> p.offsetBias(true));
        assertThat(answer.output()).containsOnly(0);
        assertThat(answer.logSumExp()).containsOnly(Double.NEGATIVE_INFINITY);
    }

    @Test
    void sequencesDoNotSeeEachOther() {
        SequenceLayout layout = SequenceLayout.allLocal(2, 3);
        OracleForward answer = AttentionOracle.forward(problem(layout, null, p -> p.reach(4, 4)));
        near(answer.output()[1], (7 + 2 * 14) / 3.0);
        near(answer.output()[2], (4 * 28 + 2 * 70 + 140) / 7.0);
    }

    @Test
    void windowsThatCoverTheSequenceAreDenseAttention() {
        int length = 23;
        int heads = 3;
        int headSize = 5;
        Random random = new Random(5);
        float[] query = normal(random, length * heads * headSize);
        float[] key = normal(random, query.length);
        float[] value = normal(random, query.length);
        AttentionPattern pattern = AttentionPattern.symmetric(heads, length, headSize);
        double[] output =
                AttentionOracle.forward(
                                new AttentionProblem(
                                        SequenceLayout.allLocal(length),
                                        pattern,
                                        headSize,
                                        QueryRows.all(),
                                        null,
                                        query,
                                        key,
                                        value,
                                        null))
                        .output();
        double[] dense = DenseAttention.output(query, key, value, length, heads, pattern.scale());
        for (int i = 0; i < output.length; i++) {
            assertThat(output[i]).isCloseTo(dense[i], within(1e-12));
        }
    }

    private static OracleForward oneHead(
            byte[] roles, float[] bias, UnaryOperator<AttentionPattern.Builder> change) {
        SequenceLayout layout = SequenceLayout.of(new int[] {0, roles.length}, roles);
        return AttentionOracle.forward(problem(layout, bias, change));
    }

    /** Head size 1, queries of 1 and scale 1: the score of a key is its number. */
    private static AttentionProblem problem(
            SequenceLayout layout, float[] bias, UnaryOperator<AttentionPattern.Builder> change) {
        return new AttentionProblem(
                layout,
                change.apply(AttentionPattern.builder(1).scale(1)).build(),
                1,
                QueryRows.all(),
                null,
                new float[] {1, 1, 1, 1, 1},
                KEYS,
                VALUES,
                bias);
    }

    private static float ln(double x) {
        return (float) Math.log(x);
    }

    private static float[] normal(Random random, int count) {
        float[] out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    private static void near(double actual, double expected) {
        // Keys are logarithms rounded to float32.
        assertThat(actual).isCloseTo(expected, within(1e-5));
    }
}
