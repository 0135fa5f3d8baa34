package io.longspan.attention.testkit;

import io.longspan.attention.Feature;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Output and log-sum-exp equal the oracle's. */
interface ForwardContract extends ContractTopic {
    @TestFactory
    default Stream<DynamicTest> outputEqualsTheOracle() {
        return subject()
                .each(
                        c -> true,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            new CaseCheck(c, subject())
                                    .forward(
                                            subject().driver().forward(c, tensors, false), tensors);
                        });
    }

    @TestFactory
    default Stream<DynamicTest> logSumExpEqualsTheOracle() {
        subject().assumeDeclared(Feature.LOG_SUM_EXP);
        return subject()
                .each(
                        c -> true,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            new CaseCheck(c, subject())
                                    .forward(subject().driver().forward(c, tensors, true), tensors);
                        },
                        Feature.LOG_SUM_EXP);
    }

    @TestFactory
    default Stream<DynamicTest> rowsOfGlobalAndMaskedTokensAreExactlyZero() {
        boolean wantLogSumExp = subject().declares(Feature.LOG_SUM_EXP);
        return subject()
                .each(
                        c -> c.layout().mostGlobals() > 0 || c.layout().maskedCount() > 0,
                        c -> {
                            CaseCheck check = new CaseCheck(c, subject());
                            float[] output =
                                    subject()
                                            .driver()
                                            .forward(c, c.tensors(), wantLogSumExp)
                                            .output();
                            check.only(t -> !check.isLocal(t)).rows("output").zero(output);
                        });
    }
}
