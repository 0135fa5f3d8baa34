package io.longspan.attention.testkit;

import io.longspan.attention.Feature;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.GradientAnswer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Gradients equal the oracle's, and are zero where the contract says so. */
interface GradientContract extends ContractTopic {
    @TestFactory
    default Stream<DynamicTest> gradientsEqualTheOracle() {
        subject().assumeDeclared(Feature.GRADIENTS);
        return subject()
                .each(
                        c -> true,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            new CaseCheck(c, subject())
                                    .gradients(subject().driver().gradients(c, tensors), tensors);
                        },
                        Feature.GRADIENTS);
    }

    @TestFactory
    default Stream<DynamicTest> gradientsOfWhatTookNoPartAreExactlyZero() {
        subject().assumeDeclared(Feature.GRADIENTS);
        return subject()
                .each(
                        c -> c.layout().mostGlobals() > 0 || c.layout().maskedCount() > 0,
                        c -> {
                            GradientAnswer answer = subject().driver().gradients(c, c.tensors());
                            CaseCheck check = new CaseCheck(c, subject());
                            check.only(t -> !check.isLocal(t))
                                    .rows("gradient of the query")
                                    .zero(answer.query());
                            CaseCheck masked = check.only(check::isMasked);
                            masked.keys("gradient of the key").zero(answer.key());
                            masked.keys("gradient of the value").zero(answer.value());
                        },
                        Feature.GRADIENTS);
    }
}
