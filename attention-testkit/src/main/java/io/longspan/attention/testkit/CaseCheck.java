package io.longspan.attention.testkit;

import io.longspan.attention.TokenRole;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.oracle.AttentionOracle;
import io.longspan.attention.testkit.oracle.OracleForward;
import io.longspan.attention.testkit.oracle.OracleGradients;
import io.longspan.attention.testkit.run.Answer;
import io.longspan.attention.testkit.run.Comparison;
import io.longspan.attention.testkit.run.GradientAnswer;
import io.longspan.attention.testkit.run.Tolerances;
import java.util.function.IntPredicate;

/**
 * Compares the answers of one case, all of it or some packed tokens only.
 *
 * @param asked the case
 * @param tolerances of the subject
 * @param tokens packed indices whose numbers are compared
 */
record CaseCheck(AttentionCase asked, Tolerances tolerances, IntPredicate tokens) {
    /** Scores near 10,000 leave float32 some 5e-4 of relative precision in a saved log-sum-exp. */
    private static final double OFFSET_SLACK = 2000;

    /** A check of every token. */
    CaseCheck(AttentionCase asked, ContractSubject subject) {
        this(asked, subject.tolerances(), token -> true);
    }

    CaseCheck only(IntPredicate some) {
        return new CaseCheck(asked, tolerances, some);
    }

    /** Output, and log-sum-exp where the answer has one, against the oracle on given numbers. */
    void forward(Answer answer, AttentionTensors tensors) {
        OracleForward expected = AttentionOracle.forward(asked.problem(tensors));
        rows("output").near(tolerances.output(), answer.output(), expected.output());
        float[] logSumExp = answer.logSumExp();
        if (logSumExp != null) {
            perRow().near(tolerances.logSumExp(), logSumExp, expected.logSumExp());
        }
    }

    /** Every gradient, and the output, against the oracle on given numbers. */
    void gradients(GradientAnswer answer, AttentionTensors tensors) {
        rows("output of the pass for gradients")
                .near(
                        tolerances.output(),
                        answer.output(),
                        AttentionOracle.forward(asked.problem(tensors)).output());
        OracleGradients expected =
                AttentionOracle.backward(asked.problem(tensors), tensors.outputGradient());
        Tolerances allowed =
                asked.inputs().commonOffset()
                        ? tolerances.gradientsTimes(OFFSET_SLACK)
                        : tolerances;
        rows("gradient of the query")
                .near(allowed.queryGradient(), answer.query(), expected.query());
        keys("gradient of the key").near(allowed.keyGradient(), answer.key(), expected.key());
        keys("gradient of the value")
                .near(allowed.valueGradient(), answer.value(), expected.value());
        float[] bias = answer.bias();
        if (bias != null) {
            bias("gradient of the offset bias").near(allowed.biasGradient(), bias, expected.bias());
        }
    }

    /** The same bits in both answers. */
    void identical(Answer answer, Answer expected) {
        rows("output").identical(answer.output(), expected.output());
        float[] logSumExp = answer.logSumExp();
        float[] before = expected.logSumExp();
        if (logSumExp != null && before != null) {
            perRow().identical(logSumExp, before);
        }
    }

    /** The same bits in both answers. */
    void identical(GradientAnswer answer, GradientAnswer expected) {
        rows("output").identical(answer.output(), expected.output());
        rows("gradient of the query").identical(answer.query(), expected.query());
        keys("gradient of the key").identical(answer.key(), expected.key());
        keys("gradient of the value").identical(answer.value(), expected.value());
        float[] bias = answer.bias();
        float[] before = expected.bias();
        if (bias != null && before != null) {
            bias("gradient of the offset bias").identical(bias, before);
        }
    }

    /** A comparison of [R, H, D] on the rows of the chosen tokens. */
    Comparison rows(String quantity) {
        int[] listed = asked.rows().indices(asked.layout());
        return new Comparison(
                        asked, quantity, listed.length, asked.pattern().heads(), asked.headSize())
                .where(element -> tokens.test(listed[element / asked.rowWidth()]));
    }

    /** A comparison of [T, H, D] on the chosen tokens. */
    Comparison keys(String quantity) {
        return new Comparison(
                        asked,
                        quantity,
                        asked.layout().tokens(),
                        asked.pattern().heads(),
                        asked.headSize())
                .where(element -> tokens.test(element / asked.rowWidth()));
    }

    /** A comparison of the log-sum-exp, [R, H], on the rows of the chosen tokens. */
    Comparison perRow() {
        int[] listed = asked.rows().indices(asked.layout());
        return new Comparison(asked, "log-sum-exp", listed.length, asked.pattern().heads())
                .where(element -> tokens.test(listed[element / asked.pattern().heads()]));
    }

    /** A comparison of [H, columns]. */
    Comparison bias(String quantity) {
        return new Comparison(
                asked, quantity, asked.pattern().heads(), asked.pattern().biasColumns());
    }

    /** Whether a packed index is a LOCAL token. */
    boolean isLocal(int token) {
        return asked.layout().role(token) == TokenRole.LOCAL;
    }

    /** Whether a packed index is a MASKED token. */
    boolean isMasked(int token) {
        return asked.layout().role(token) == TokenRole.MASKED;
    }
}
