package io.longspan.attention.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.Capabilities;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AttentionCasesTest {
    private static final List<AttentionCase> ALL =
            AttentionCases.all(Capabilities.everythingOnCpu());

    @Test
    void namesAreDistinct() {
        assertThat(ALL).extracting(AttentionCase::name).doesNotHaveDuplicates();
    }

    @Test
    void numbersAreTheSameEachTimeAndDifferByCase() {
        AttentionCase first = ALL.get(7);
        assertThat(first.tensors().query()).isEqualTo(first.tensors().query());
        assertThat(ALL).extracting(AttentionCase::seed).doesNotHaveDuplicates();
    }

    @Test
    void aProbeNeedsItsFeatureAndWhatThatImpliesOnly() {
        for (Feature feature : Feature.values()) {
            AttentionCase probe = AttentionCases.probe(feature, Capabilities.everythingOnCpu());
            Feature[] extra =
                    feature == Feature.LOG_SUM_EXP || feature == Feature.GRADIENTS
                            ? new Feature[] {feature}
                            : new Feature[0];
            Set<Feature> needed = EnumSet.copyOf(probe.workload(Device.Kind.CPU, extra).features());
            assertThat(needed).as("needs of the probe of %s", feature).contains(feature);
            needed.removeAll(feature.implied());
            assertThat(needed).as("needs of the probe of %s", feature).containsExactly(feature);
        }
    }

    @Test
    void eachFeatureComesWithPlainWindowsInSomeCase() {
        for (Feature feature :
                List.of(
                        Feature.GLOBAL_KEYS,
                        Feature.MASKED_TOKENS,
                        Feature.QUERY_ROWS,
                        Feature.DROPOUT)) {
            assertThat(ALL)
                    .as("cases that need nothing but %s", feature)
                    .anyMatch(c -> c.features().equals(Set.of(feature)));
        }
    }

    @Test
    void headSizesFollowTheDeclaration() {
        Capabilities all = Capabilities.everythingOnCpu();
        Capabilities narrow =
                new Capabilities(
                        all.features(), all.guarantees(), all.types(), all.devices(), 32, 64);
        assertThat(AttentionCases.all(narrow).getFirst().headSize()).isEqualTo(32);
    }

    @Test
    void scoresOfExactKindsAreExactInFloat32() {
        for (AttentionCase asked : ALL) {
            if (!asked.inputs().exactScores()) {
                continue;
            }
            AttentionTensors tensors = asked.tensors();
            for (float x : tensors.query()) {
                assertThat(x % 1).as("query of %s", asked.name()).isZero();
            }
            assertThat(Math.log(asked.pattern().scale()) / Math.log(2) % 1)
                    .as("scale of %s is a power of two", asked.name())
                    .isZero();
        }
    }
}
