package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import io.longspan.attention.AttentionPlan;
import io.longspan.attention.Feature;
import io.longspan.attention.SavedForward;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.KernelCall;
import io.longspan.attention.testkit.run.KernelDriver;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Plans, saved state and strided memory; for kernels only. */
interface KernelContract extends ContractTopic {
    @TestFactory
    default Stream<DynamicTest> viewsOfOnePackedProjectionGiveTheSameBits() {
        KernelDriver kernel = kernel();
        return subject()
                .each(
                        c -> c.layout().tokens() < 50,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            CaseCheck check = new CaseCheck(c, subject());
                            check.identical(
                                    kernel.forwardPacked(c, tensors),
                                    kernel.forward(c, tensors, false));
                            if (subject().declares(Feature.GRADIENTS)) {
                                check.gradients(kernel.gradientsPacked(c, tensors), tensors);
                            }
                        });
    }

    @TestFactory
    default Stream<DynamicTest> thePassForGradientsGivesTheSameBitsAsInference() {
        KernelDriver kernel = kernel();
        subject().assumeDeclared(Feature.GRADIENTS);
        return subject()
                .each(
                        c -> true,
                        c -> {
                            AttentionTensors tensors = c.tensors();
                            new CaseCheck(c, subject())
                                    .rows("output of the pass for gradients")
                                    .identical(
                                            kernel.gradients(c, tensors).output(),
                                            kernel.forward(c, tensors, false).output());
                        },
                        Feature.GRADIENTS);
    }

    @Test
    default void aPlanSaysWhatItWasMadeFor() {
        KernelDriver kernel = kernel();
        AttentionCase asked = asked();
        try (AttentionPlan plan = kernel.plan(asked, false, false)) {
            assertThat(plan.layout()).isEqualTo(asked.layout());
            assertThat(plan.rows()).isEqualTo(asked.rows());
            assertThat(plan.workload()).isEqualTo(asked.workload(kernel.device()));
            assertThat(plan.workspaceBytes()).isNotNegative();
        }
    }

    @Test
    default void aClosedPlanIsRefused() {
        KernelDriver kernel = kernel();
        AttentionCase asked = asked();
        try (KernelCall call = kernel.open(asked, asked.tensors(), false)) {
            AttentionPlan plan = kernel.plan(asked, false, false);
            plan.close();
            plan.close();
            assertThatThrownBy(() -> kernel.backend().forward(plan, call.forward(), null))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void aPlanOfAClosedBackendIsRefused() {
        KernelDriver kernel = kernel();
        AttentionCase asked = asked();
        try (KernelCall call = kernel.open(asked, asked.tensors(), false);
                AttentionPlan plan = kernel.plan(asked, false, false)) {
            kernel.backend().close();
            assertThatThrownBy(() -> kernel.backend().forward(plan, call.forward(), null))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void savedStateIsUsedOnce() {
        KernelDriver kernel = kernel();
        subject().assumeDeclared(Feature.GRADIENTS);
        AttentionCase asked = asked();
        try (AttentionPlan plan = kernel.plan(asked, false, true);
                KernelCall call = kernel.open(asked, asked.tensors(), false);
                SavedForward saved =
                        kernel.backend().forwardForGradient(plan, call.forward(), null)) {
            assertThat(saved.bytes()).isNotNegative();
            kernel.backend().backward(plan, saved, call.backward());
            assertThatThrownBy(() -> kernel.backend().backward(plan, saved, call.backward()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void closedSavedStateIsRefused() {
        KernelDriver kernel = kernel();
        subject().assumeDeclared(Feature.GRADIENTS);
        AttentionCase asked = asked();
        try (AttentionPlan plan = kernel.plan(asked, false, true);
                KernelCall call = kernel.open(asked, asked.tensors(), false)) {
            SavedForward saved = kernel.backend().forwardForGradient(plan, call.forward(), null);
            saved.close();
            saved.close();
            assertThatThrownBy(() -> kernel.backend().backward(plan, saved, call.backward()))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    /** As layers of a model do: all forward, then all backward, one plan for all. */
    @Test
    default void layersShareAPlanAndEachHasItsOwnSavedState() {
        KernelDriver kernel = kernel();
        subject().assumeDeclared(Feature.GRADIENTS);
        AttentionCase asked = asked();
        AttentionTensors first = asked.tensors();
        AttentionTensors second = asked.tensors();
        Scramble.reverse(second.query());
        Scramble.reverse(second.key());
        Scramble.reverse(second.value());
        try (AttentionPlan plan = kernel.plan(asked, false, true);
                KernelCall lower = kernel.open(asked, first, false);
                KernelCall upper = kernel.open(asked, second, false);
                SavedForward lowerSaved =
                        kernel.backend().forwardForGradient(plan, lower.forward(), null);
                SavedForward upperSaved =
                        kernel.backend().forwardForGradient(plan, upper.forward(), null)) {
            kernel.backend().backward(plan, upperSaved, upper.backward());
            kernel.backend().backward(plan, lowerSaved, lower.backward());
            CaseCheck check = new CaseCheck(asked, subject());
            check.gradients(upper.gradients(), second);
            check.gradients(lower.gradients(), first);
        }
    }

    private AttentionCase asked() {
        return PlainCases.small(subject());
    }

    private KernelDriver kernel() {
        return subject().driver() instanceof KernelDriver kernel
                ? kernel
                : abort("it is no kernel");
    }
}
