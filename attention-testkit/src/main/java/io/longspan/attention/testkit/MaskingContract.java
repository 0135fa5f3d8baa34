package io.longspan.attention.testkit;

import io.longspan.attention.Feature;
import io.longspan.attention.TokenRole;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** NaN and infinity where they must not matter. */
interface MaskingContract extends ContractTopic {
    @TestFactory
    default Stream<DynamicTest> maskedTokensMayHoldNan() {
        return subject()
                .each(
                        c -> c.layout().maskedCount() > 0,
                        c -> check(c, Poison.NAN.into(c, t -> isMasked(c, t))));
    }

    @TestFactory
    default Stream<DynamicTest> maskedTokensMayHoldInfinitiesAndHugeNumbers() {
        return subject()
                .each(
                        c -> c.layout().maskedCount() > 0,
                        c -> check(c, Poison.HUGE.into(c, t -> isMasked(c, t))));
    }

    @TestFactory
    default Stream<DynamicTest> theQueryOfAGlobalTokenMayHoldNan() {
        return subject()
                .each(
                        c -> c.layout().mostGlobals() > 0,
                        c -> {
                            AttentionTensors poisoned = c.tensors();
                            Poison.NAN.intoRows(
                                    c,
                                    poisoned.query(),
                                    t -> c.layout().role(t) == TokenRole.GLOBAL);
                            check(c, poisoned);
                        });
    }

    @TestFactory
    default Stream<DynamicTest> aNeighbouringSequenceMayHoldNan() {
        return subject()
                .each(
                        c -> c.layout().sequences() > 1,
                        c -> {
                            checkOnly(c, 0, Poison.NAN);
                            checkOnly(c, 1, Poison.HUGE);
                        });
    }

    @TestFactory
    default Stream<DynamicTest> outputGradientsOfGlobalAndMaskedRowsMayHoldNan() {
        subject().assumeDeclared(Feature.GRADIENTS);
        return subject()
                .each(
                        c -> c.layout().mostGlobals() > 0 || c.layout().maskedCount() > 0,
                        c -> {
                            AttentionTensors poisoned = c.tensors();
                            Poison.NAN.intoRows(
                                    c,
                                    poisoned.outputGradient(),
                                    t -> c.layout().role(t) != TokenRole.LOCAL);
                            check(c, poisoned);
                        },
                        Feature.GRADIENTS);
    }

    @TestFactory
    default Stream<DynamicTest> biasColumnsOutsideOfAHeadsReachMayHoldNan() {
        subject().assumeDeclared(Feature.OFFSET_BIAS, Feature.PER_HEAD_WINDOW);
        return subject()
                .each(
                        c ->
                                c.features().contains(Feature.OFFSET_BIAS)
                                        && c.features().contains(Feature.PER_HEAD_WINDOW),
                        c -> check(c, Poison.intoUnusedBias(c)));
    }

    /** Some rows see nothing but keys with a bias of minus infinity. */
    @TestFactory
    default Stream<DynamicTest> aRowWhoseEveryKeyIsExcludedIsZeroAndHasNoGradient() {
        subject().assumeDeclared(Feature.OFFSET_BIAS);
        return subject()
                .each(
                        c -> c.features().contains(Feature.OFFSET_BIAS),
                        c -> check(c, Poison.excludeEverythingOfTheFirstHead(c)));
    }

    private boolean isMasked(AttentionCase c, int token) {
        return c.layout().role(token) == TokenRole.MASKED;
    }

    private void check(AttentionCase c, AttentionTensors tensors) {
        boolean wantLogSumExp = subject().declares(Feature.LOG_SUM_EXP);
        CaseCheck check = new CaseCheck(c, subject());
        check.forward(subject().driver().forward(c, tensors, wantLogSumExp), tensors);
        if (subject().declares(Feature.GRADIENTS)) {
            check.gradients(subject().driver().gradients(c, tensors), tensors);
        }
    }

    /** Every second sequence is poisoned; the others are compared. */
    private void checkOnly(AttentionCase c, int kept, Poison poison) {
        AttentionTensors tensors = poison.into(c, t -> c.layout().sequenceOf(t) % 2 != kept);
        boolean wantLogSumExp = subject().declares(Feature.LOG_SUM_EXP);
        CaseCheck check =
                new CaseCheck(c, subject()).only(t -> c.layout().sequenceOf(t) % 2 == kept);
        check.forward(subject().driver().forward(c, tensors, wantLogSumExp), tensors);
        // The gradient of the bias is a sum over all sequences, the poisoned ones too.
        if (subject().declares(Feature.GRADIENTS) && !c.pattern().offsetBias()) {
            check.gradients(subject().driver().gradients(c, tensors), tensors);
        }
    }
}
