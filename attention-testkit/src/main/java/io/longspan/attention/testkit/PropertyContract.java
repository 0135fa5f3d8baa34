package io.longspan.attention.testkit;

import io.longspan.attention.Feature;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.oracle.DenseAttention;
import io.longspan.attention.testkit.run.Answer;
import io.longspan.attention.testkit.run.Tolerance;
import io.longspan.attention.testkit.run.Tolerances;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Laws that hold whatever the numbers are; none of them asks the oracle. */
interface PropertyContract extends ContractTopic {
    @Test
    default void aWindowThatCoversTheSequenceIsDenseAttention() {
        PlainCases plain = new PlainCases(subject());
        AttentionCase asked =
                plain.of("window covers", SequenceLayout.allLocal(37), p -> p.reach(50, 50));
        subject().assumeCovered(asked);
        AttentionTensors tensors = asked.tensors();
        double[] dense =
                DenseAttention.output(
                        tensors.query(),
                        tensors.key(),
                        tensors.value(),
                        37,
                        asked.pattern().heads(),
                        asked.pattern().scale());
        Answer answer = subject().driver().forward(asked, tensors, false);
        new CaseCheck(asked, subject())
                .rows("output")
                .near(subject().tolerances().output(), answer.output(), dense);
    }

    @Test
    default void interiorRowsDoNotNoticeAShiftInTime() {
        int length = 40;
        int shift = 5;
        int reach = 4;
        PlainCases plain = new PlainCases(subject());
        AttentionCase early =
                plain.of("unshifted", SequenceLayout.allLocal(length), p -> p.reach(reach, reach));
        AttentionCase late =
                plain.of(
                        "shifted",
                        SequenceLayout.allLocal(length + shift),
                        p -> p.reach(reach, reach));
        subject().assumeCovered(early);
        AttentionTensors first = early.tensors();
        AttentionTensors second = late.tensors();
        int moved = shift * early.rowWidth();
        System.arraycopy(first.query(), 0, second.query(), moved, first.query().length);
        System.arraycopy(first.key(), 0, second.key(), moved, first.key().length);
        System.arraycopy(first.value(), 0, second.value(), moved, first.value().length);
        float[] before = subject().driver().forward(early, first, false).output();
        float[] after = subject().driver().forward(late, second, false).output();
        float[] back = new float[before.length];
        System.arraycopy(after, moved, back, 0, back.length);
        new CaseCheck(early, subject())
                .only(t -> t >= reach && t < length - reach)
                .rows("output after a shift")
                .near(subject().tolerances().output(), back, Widen.all(before));
    }

    @TestFactory
    default Stream<DynamicTest> causalOutputsDoNotChangeByOneBitWhenTheFutureChanges() {
        subject().assumeDeclared(Feature.CAUSAL);
        return subject()
                .each(
                        c -> c.pattern().causal() && c.layout().longest() > 2,
                        c -> {
                            // The second half of every sequence gets other numbers.
                            AttentionTensors changed =
                                    Poison.OTHER.into(c, t -> !isEarly(c.layout(), t));
                            Answer before = subject().driver().forward(c, c.tensors(), false);
                            Answer after = subject().driver().forward(c, changed, false);
                            new CaseCheck(c, subject())
                                    .only(t -> isEarly(c.layout(), t))
                                    .identical(after, before);
                        });
    }

    /** Each sequence of a batch alone gives what it gave in the batch, to 2e-6 of the largest. */
    @TestFactory
    default Stream<DynamicTest> batchNeighboursDoNotMatter() {
        boolean wantLogSumExp = subject().declares(Feature.LOG_SUM_EXP);
        return subject()
                .each(
                        c -> c.layout().sequences() > 1,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            Answer batch = subject().driver().forward(c, tensors, wantLogSumExp);
                            for (SequenceSlice slice : SequenceSlice.allOf(c)) {
                                Answer alone =
                                        subject()
                                                .driver()
                                                .forward(
                                                        slice.alone(),
                                                        slice.cut(tensors),
                                                        wantLogSumExp);
                                requireClose(slice, alone, batch);
                            }
                        });
    }

    /**
     * exp(lse) of window and globals together is that of the window, plus that of the globals with
     * the row itself, less that of the row alone; outputs add up with these weights.
     */
    @Test
    default void localAndGlobalPartsMergeByLogSumExp() {
        subject().assumeDeclared(Feature.GLOBAL_KEYS, Feature.MASKED_TOKENS, Feature.LOG_SUM_EXP);
        new MergeLaw(subject()).require();
    }

    private static boolean isEarly(SequenceLayout layout, int token) {
        int sequence = layout.sequenceOf(token);
        return 2 * (token - layout.start(sequence)) < layout.length(sequence);
    }

    private static void requireClose(SequenceSlice slice, Answer alone, Answer batch) {
        CaseCheck check = new CaseCheck(slice.alone(), Tolerances.fp32(), token -> true);
        float[] output = slice.cutRows(batch.output());
        check.rows("output alone, against the batch")
                .near(near(output), alone.output(), Widen.all(output));
        float[] logSumExp = batch.logSumExp();
        float[] own = alone.logSumExp();
        if (logSumExp != null && own != null) {
            float[] expected = slice.cutRows(logSumExp);
            check.perRow().near(near(expected), own, Widen.all(expected));
        }
    }

    private static Tolerance near(float[] expected) {
        double largest = 0;
        for (float x : expected) {
            largest = Float.isFinite(x) ? Math.max(largest, Math.abs(x)) : largest;
        }
        return new Tolerance(2e-6 * largest, 0);
    }
}
