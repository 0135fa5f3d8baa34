package io.longspan.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AttentionPatternTest {
    @Test
    void equalPartsMakeEqualPatternsSoThatLayersShareAPlan() {
        AttentionPattern one = AttentionPattern.builder(2).reach(3, 3).scale(0.5f).build();
        AttentionPattern two = AttentionPattern.builder(2).reach(3, 3).scale(0.5f).build();
        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
        assertThat(AttentionPattern.builder(2).reach(3, 3).reach(1, 3, 2).scale(0.5f).build())
                .isNotEqualTo(one);
    }

    @Test
    void biasColumnsSpanTheWidestHeads() {
        AttentionPattern pattern =
                AttentionPattern.builder(2)
                        .reach(0, 4, 1)
                        .reach(1, 2, 3)
                        .scale(1)
                        .offsetBias(true)
                        .build();
        assertThat(pattern.maxLeft()).isEqualTo(4);
        assertThat(pattern.maxRight()).isEqualTo(3);
        assertThat(pattern.biasColumns()).isEqualTo(8);
    }

    @Test
    void whatAWorkloadNeedsFollowsFromItsPattern() {
        AttentionPattern plain = AttentionPattern.symmetric(4, 8, 16);
        assertThat(Workload.onCpu(plain, 16, Set.of()).features()).isEmpty();
        AttentionPattern rich =
                AttentionPattern.builder(2)
                        .reach(4, 0)
                        .dilation(1, 3)
                        .scale(1)
                        .causal(true)
                        .offsetBias(true)
                        .build();
        assertThat(Workload.onCpu(rich, 16, EnumSet.of(Feature.GRADIENTS)).features())
                .containsExactlyInAnyOrder(
                        Feature.ASYMMETRIC_WINDOW,
                        Feature.DILATION,
                        Feature.PER_HEAD_DILATION,
                        Feature.CAUSAL,
                        Feature.OFFSET_BIAS,
                        Feature.GRADIENTS);
    }

    @Test
    void partsOutOfRangeAreRefusedByNameAndValue() {
        assertThatThrownBy(() -> AttentionPattern.builder(0)).hasMessageContaining("heads is 0");
        assertThatThrownBy(() -> AttentionPattern.builder(1).reach(-1, 0).scale(1).build())
                .hasMessageContaining("left reach of head 0 is -1");
        assertThatThrownBy(() -> AttentionPattern.builder(1).dilation(0).scale(1).build())
                .hasMessageContaining("dilation of head 0 is 0");
        assertThatThrownBy(
                        () -> AttentionPattern.builder(1).reach(2, 1).causal(true).scale(1).build())
                .hasMessageContaining("0 in a causal pattern");
        assertThatThrownBy(() -> AttentionPattern.builder(1).build())
                .hasMessageContaining("scale is NaN");
        assertThatThrownBy(() -> AttentionPattern.builder(1).scale(1).dropout(1).build())
                .hasMessageContaining("dropout rate is 1.0");
        assertThatThrownBy(() ->
                        AttentionPattern.builder(1)
                                .reach(1 << 20, 0)
                                .dilation(1 << 20)
                                .scale(1)
                                .build())
                .hasMessageContaining("span of head 0");
    }

    @Test
    void aDeclarationWithoutWhatItImpliesIsRefused() {
        assertThatThrownBy(() -> Capabilities.everythingOnCpu().without(Feature.DILATION))
                .hasMessageContaining("PER_HEAD_DILATION implies");
    }

    @Test
    void everyReasonAgainstAWorkloadIsNamed() {
        Capabilities few =
                Capabilities.everythingOnCpu().without(Feature.CAUSAL, Feature.OFFSET_BIAS);
        AttentionPattern pattern =
                AttentionPattern.builder(1)
                        .reach(2, 0)
                        .scale(1)
                        .causal(true)
                        .offsetBias(true)
                        .build();
        Workload workload = new Workload(pattern, 16, ElementType.BF16, Device.Kind.CUDA, Set.of());
        assertThat(few.check(workload))
                .isInstanceOfSatisfying(
                        Support.Unsupported.class,
                        no ->
                                assertThat(no.reasons())
                                        .hasSize(4)
                                        .anyMatch(r -> r.contains("causal attention"))
                                        .anyMatch(r -> r.contains("offset bias"))
                                        .anyMatch(r -> r.contains("BF16"))
                                        .anyMatch(r -> r.contains("CUDA")));
    }
}
