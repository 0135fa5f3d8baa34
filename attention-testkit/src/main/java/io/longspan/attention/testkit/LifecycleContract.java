package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Feature;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.BackendDriver;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Opening, closing, and leaving the caller's things as they were. */
interface LifecycleContract extends ContractTopic {
    @Test
    default void closingTwiceIsHarmless() {
        AttentionBackend backend = subject().create();
        backend.close();
        backend.close();
        requireWorking();
    }

    @Test
    default void useAfterClosingIsAnIllegalState() {
        BackendDriver driver = subject().driver();
        AttentionCase asked = asked();
        AttentionTensors tensors = asked.tensors();
        requireWorking();
        driver.backend().close();
        assertThatThrownBy(() -> driver.forward(asked, tensors, false))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void closingOneBackendLeavesAnotherOfTheSameProviderOpen() {
        requireWorking();
        subject().create().close();
        requireWorking();
    }

    @TestFactory
    default Stream<DynamicTest> inputsAreNotWrittenAndNoArrayIsLeftBehind() {
        boolean wantLogSumExp = subject().declares(Feature.LOG_SUM_EXP);
        // The driver itself compares the inputs after each call.
        return subject()
                .each(
                        c -> true,
                        c ->
                                assertThat(
                                                subject()
                                                        .driver()
                                                        .forward(c, c.tensors(), wantLogSumExp)
                                                        .strayArrays())
                                        .as("arrays left with the caller's manager, %s", c)
                                        .isZero());
    }

    @TestFactory
    default Stream<DynamicTest> whatTheBackwardPassNeedsSurvivesTheGarbageCollector() {
        subject().assumeDeclared(Feature.GRADIENTS);
        // A collection takes its time: only where several tables are needed at once.
        return subject()
                .each(
                        c -> needsTables(c),
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            new CaseCheck(c, subject())
                                    .gradients(
                                            subject().driver().gradientsAfterCollection(c, tensors),
                                            tensors);
                        },
                        Feature.GRADIENTS);
    }

    private static boolean needsTables(AttentionCase asked) {
        boolean several = asked.dropout() != null || asked.features().size() > 2;
        return several && asked.layout().tokens() > 16 && !asked.name().startsWith("random");
    }

    private AttentionCase asked() {
        return PlainCases.small(subject());
    }

    private void requireWorking() {
        AttentionCase asked = asked();
        AttentionTensors tensors = asked.tensors();
        new CaseCheck(asked, subject())
                .forward(subject().driver().forward(asked, tensors, false), tensors);
    }
}
