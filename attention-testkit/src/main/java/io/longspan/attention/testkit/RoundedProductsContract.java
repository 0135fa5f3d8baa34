package io.longspan.attention.testkit;

import io.longspan.attention.Feature;
import io.longspan.attention.Guarantee;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.Answer;
import io.longspan.attention.testkit.run.Tolerance;
import io.longspan.attention.testkit.run.Tolerances;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What holds where {@link ProductPrecision#BF16} is permitted, whether or not a backend makes use
 * of it: answers are near, and nothing else becomes weaker.
 */
interface RoundedProductsContract extends ContractTopic {
    /**
     * bfloat16 rounds by at most 2^-9 of a number. A score of standard normal components is a sum
     * of D such products over the root of D, so it moves by some 2^-9; a probability and a value
     * are rounded once more.
     */
    Tolerance ROUNDED = new Tolerance(0.03, 0.02);

    @TestFactory
    default Stream<DynamicTest> roundedProductsStayNear() {
        return subject().each(c -> true, c -> near(c.rounded(), c.tensors()));
    }

    @TestFactory
    default Stream<DynamicTest> maskedTokensMayHoldNanWhereProductsAreRounded() {
        return subject()
                .each(
                        c -> c.layout().maskedCount() > 0,
                        c -> near(c.rounded(), Poison.NAN.into(c, t -> isMasked(c, t))));
    }

    @TestFactory
    default Stream<DynamicTest> aSequenceGivesTheSameBitsInAnyBatchWhereProductsAreRounded() {
        subject().assumeGuaranteed(Guarantee.BATCH_INVARIANT);
        return subject()
                .each(
                        c -> c.layout().sequences() > 1,
                        c -> SequenceSlice.requireSameBits(c.rounded(), subject()));
    }

    private static boolean isMasked(AttentionCase c, int token) {
        return new CaseCheck(c, Tolerances.fp32(), t -> true).isMasked(token);
    }

    private void near(AttentionCase rounded, AttentionTensors tensors) {
        Tolerances tight = subject().tolerances();
        Tolerance rows = rounded.inputs().commonOffset() ? new Tolerance(0.1, 0.02) : ROUNDED;
        new CaseCheck(
                        rounded,
                        new Tolerances(
                                rows,
                                rows,
                                tight.queryGradient(),
                                tight.keyGradient(),
                                tight.valueGradient(),
                                tight.biasGradient()),
                        token -> true)
                .forward(run(rounded, tensors), tensors);
    }

    private Answer run(AttentionCase asked, AttentionTensors tensors) {
        return subject().driver().forward(asked, tensors, subject().declares(Feature.LOG_SUM_EXP));
    }
}
