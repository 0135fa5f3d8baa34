package io.longspan.attention.testkit.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.longspan.attention.Capabilities;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionCases;
import io.longspan.attention.testkit.cases.AttentionTensors;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The oracle's gradients against central differences of its forward pass. */
final class OracleGradientTest {
    /** Inputs are float32, so the step has to be one that they can take. */
    private static final float STEP = 1f / 256;

    private static final int PROBES = 12;

    @TestFactory
    Stream<DynamicTest> gradientsAreThoseOfCentralDifferences() {
        return AttentionCases.all(Capabilities.everythingOnCpu()).stream()
                .filter(c -> c.layout().tokens() < 60 && !c.inputs().exactScores())
                .map(c -> dynamicTest(c.name(), () -> check(c)));
    }

    private static void check(AttentionCase asked) {
        AttentionTensors tensors = asked.tensors();
        OracleGradients gradients =
                AttentionOracle.backward(asked.problem(tensors), tensors.outputGradient());
        probe(asked, tensors, "query", tensors.query(), gradients.query());
        probe(asked, tensors, "key", tensors.key(), gradients.key());
        probe(asked, tensors, "value", tensors.value(), gradients.value());
        if (tensors.bias() != null) {
            probe(asked, tensors, "bias", tensors.bias(), gradients.bias());
        }
    }

    private static void probe(
            AttentionCase asked,
            AttentionTensors tensors,
            String what,
            float[] numbers,
            double[] gradient) {
        Random random = new Random(asked.seed());
        for (int n = 0; n < PROBES; n++) {
            int at = random.nextInt(numbers.length);
            float kept = numbers[at];
            if (!Float.isFinite(kept)) {
                assertThat(gradient[at]).as("gradient of an excluded offset").isZero();
                continue;
            }
            numbers[at] = kept + STEP;
            double width = numbers[at];
            double above = loss(asked, tensors);
            numbers[at] = kept - STEP;
            width -= numbers[at];
            double below = loss(asked, tensors);
            numbers[at] = kept;
            double slope = (above - below) / width;
            assertThat(gradient[at])
                    .as("gradient of %s at %d, %s", what, at, asked)
                    .isCloseTo(slope, within(2e-3 * Math.max(1, Math.abs(slope))));
        }
    }

    private static double loss(AttentionCase asked, AttentionTensors tensors) {
        double[] output = AttentionOracle.forward(asked.problem(tensors)).output();
        double sum = 0;
        for (int i = 0; i < output.length; i++) {
            sum += output[i] * tensors.outputGradient()[i];
        }
        return sum;
    }
}
