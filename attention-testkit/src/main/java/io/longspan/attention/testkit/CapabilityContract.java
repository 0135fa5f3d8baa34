package io.longspan.attention.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.longspan.attention.Capabilities;
import io.longspan.attention.Device;
import io.longspan.attention.ElementType;
import io.longspan.attention.Feature;
import io.longspan.attention.KernelBackend;
import io.longspan.attention.Support;
import io.longspan.attention.UnsupportedWorkloadException;
import io.longspan.attention.Workload;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionCases;
import io.longspan.attention.testkit.cases.AttentionTensors;
import io.longspan.attention.testkit.run.KernelDriver;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A declaration is the truth, in both directions. */
interface CapabilityContract extends ContractTopic {
    @TestFactory
    default Stream<DynamicTest> aDeclaredFeatureIsSupportedByItself() {
        Set<Feature> declared = subject().capabilities().features();
        subject().driver();
        return declared.stream()
                .map(feature -> dynamicTest(feature.name(), () -> requireSupported(feature)));
    }

    @TestFactory
    default Stream<DynamicTest> anUndeclaredFeatureIsRefusedWithAReason() {
        Set<Feature> undeclared = EnumSet.allOf(Feature.class);
        undeclared.removeAll(subject().capabilities().features());
        assumeFalse(undeclared.isEmpty(), "it declares every feature");
        subject().driver();
        return undeclared.stream()
                .map(feature ->
                        dynamicTest(
                                feature.name(),
                                () -> requireRefused(probe(feature), extra(feature))));
    }

    @TestFactory
    default Stream<DynamicTest> supportsAgreesWithTheDeclaration() {
        Capabilities capabilities = subject().capabilities();
        subject().driver();
        return AttentionCases.all(capabilities).stream()
                .map(c ->
                        dynamicTest(
                                c.name(),
                                () -> {
                                    requireAgreement(c);
                                    requireAgreement(c, Feature.LOG_SUM_EXP);
                                    requireAgreement(c, Feature.GRADIENTS);
                                }));
    }

    @TestFactory
    default Stream<DynamicTest> aCaseBeyondTheDeclarationIsRefused() {
        List<AttentionCase> beyond =
                AttentionCases.all(subject().capabilities()).stream()
                        .filter(c -> !subject().covers(c))
                        .toList();
        assumeFalse(beyond.isEmpty(), "its declaration covers every case");
        return beyond.stream().map(c -> dynamicTest(c.name(), () -> requireRefused(c)));
    }

    @Test
    default void aHeadSizeOutsideOfTheDeclarationIsRefused() {
        Capabilities capabilities = subject().capabilities();
        int multiple = capabilities.headSizeMultiple();
        int largest = capabilities.maxHeadSize();
        assumeFalse(multiple == 1 && largest == Integer.MAX_VALUE, "it takes any head size");
        if (multiple > 1) {
            requireUnsupported(withHeadSize(1));
            requireUnsupported(withHeadSize(multiple + 1));
        }
        if (largest <= Integer.MAX_VALUE - multiple) {
            requireUnsupported(withHeadSize(largest / multiple * multiple + multiple));
        }
    }

    @Test
    default void anUndeclaredDeviceIsRefused() {
        Set<Device.Kind> others = EnumSet.allOf(Device.Kind.class);
        others.removeAll(subject().capabilities().devices());
        assumeFalse(others.isEmpty(), "it runs on every kind of device");
        Workload plain = plain();
        for (Device.Kind other : others) {
            requireUnsupported(
                    new Workload(plain.pattern(), plain.headSize(), plain.type(), other, Set.of()));
        }
    }

    @Test
    default void anUndeclaredElementTypeIsRefused() {
        Set<ElementType> others = EnumSet.allOf(ElementType.class);
        others.removeAll(subject().capabilities().types());
        assumeFalse(others.isEmpty(), "it takes every element type");
        Workload plain = plain();
        for (ElementType other : others) {
            Workload workload =
                    new Workload(
                            plain.pattern(), plain.headSize(), other, plain.device(), Set.of());
            requireUnsupported(workload);
            if (subject().driver().backend() instanceof KernelBackend kernel) {
                AttentionCase asked = plainCase();
                requireRefusal(() -> kernel.plan(asked.layout(), asked.rows(), workload).close());
            }
        }
    }

    private AttentionCase probe(Feature feature) {
        return AttentionCases.probe(feature, subject().capabilities());
    }

    /** The feature as an extra wish, for those that a case does not carry itself. */
    private static Feature[] extra(Feature feature) {
        return feature == Feature.LOG_SUM_EXP || feature == Feature.GRADIENTS
                ? new Feature[] {feature}
                : new Feature[0];
    }

    private void requireSupported(Feature feature) {
        AttentionCase probe = probe(feature);
        requireAgreement(probe, extra(feature));
        assertThat(
                        AttentionCases.all(subject().capabilities()).stream()
                                .filter(c -> subject().covers(c, extra(feature))))
                .as("cases of the kit that need %s and are covered", feature)
                .anyMatch(c -> extra(feature).length > 0 || c.features().contains(feature));
        AttentionTensors tensors = probe.tensors();
        CaseCheck check = new CaseCheck(probe, subject());
        check.forward(
                subject().driver().forward(probe, tensors, feature == Feature.LOG_SUM_EXP),
                tensors);
        if (feature == Feature.GRADIENTS) {
            check.gradients(subject().driver().gradients(probe, tensors), tensors);
        }
    }

    private void requireRefused(AttentionCase asked, Feature... extra) {
        requireUnsupported(asked.workload(subject().driver().device(), extra));
        boolean wantLogSumExp = Arrays.asList(extra).contains(Feature.LOG_SUM_EXP);
        boolean gradients = Arrays.asList(extra).contains(Feature.GRADIENTS);
        if (subject().driver() instanceof KernelDriver kernel) {
            requireRefusal(() -> kernel.plan(asked, wantLogSumExp, gradients).close());
        } else if (!gradients) {
            // A composed call does not say whether gradients follow.
            requireRefusal(() -> subject().driver().forward(asked, asked.tensors(), wantLogSumExp));
        }
    }

    private void requireUnsupported(Workload workload) {
        Support support = subject().driver().backend().supports(workload);
        assertThat(support).as("answer for %s", workload).isInstanceOf(Support.Unsupported.class);
        if (support instanceof Support.Unsupported(List<String> reasons)) {
            assertThat(reasons).allSatisfy(reason -> assertThat(reason).isNotBlank());
        }
    }

    private static void requireRefusal(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        UnsupportedWorkloadException.class,
                        refusal -> assertThat(refusal.reasons()).isNotEmpty());
    }

    private void requireAgreement(AttentionCase asked, Feature... extra) {
        Workload workload = asked.workload(subject().driver().device(), extra);
        Support declared = subject().capabilities().check(workload);
        Support answer = subject().driver().backend().supports(workload);
        assertThat(answer instanceof Support.Supported)
                .as("supports says %s where the declaration says %s, %s", answer, declared, asked)
                .isEqualTo(declared instanceof Support.Supported);
    }

    private AttentionCase plainCase() {
        return probe(Feature.GRADIENTS);
    }

    private Workload plain() {
        return plainCase().workload(subject().driver().device());
    }

    private Workload withHeadSize(int size) {
        Workload plain = plain();
        return new Workload(plain.pattern(), size, plain.type(), plain.device(), Set.of());
    }
}
