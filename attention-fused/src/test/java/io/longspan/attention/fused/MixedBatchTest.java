package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionPattern;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.oracle.AttentionOracle;
import io.longspan.attention.testkit.oracle.AttentionProblem;
import io.longspan.attention.testkit.oracle.OracleGradients;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sequences of 1, 17 and 5,000 tokens in one batch, against the float64 oracle. */
final class MixedBatchTest {
    @Test
    void shortAndLongSequencesLiveInOneBatch() {
        SequenceLayout layout = SequenceLayout.allLocal(1, 17, 5000).withGlobals(3, 2500);
        AttentionPattern pattern =
                AttentionPattern.builder(2).reach(30, 30).dilation(1, 4).scaleFor(20).build();
        try (Calls calls = new Calls(layout, pattern, 20, 11);
                FusedAttention backend = Calls.backend(2, Map.of("warm-up", "false"))) {
            List<float[]> actual = calls.run(backend);
            List<float[]> in = calls.inputs();
            AttentionProblem problem =
                    new AttentionProblem(
                            layout,
                            pattern,
                            20,
                            QueryRows.all(),
                            null,
                            in.get(0),
                            in.get(1),
                            in.get(2),
                            null);
            near(actual.get(0), AttentionOracle.forward(problem).output(), "output");
            OracleGradients expected = AttentionOracle.backward(problem, in.get(3));
            near(actual.get(1), expected.query(), "gradient of the query");
            near(actual.get(2), expected.key(), "gradient of the key");
            near(actual.get(3), expected.value(), "gradient of the value");
        }
    }

    private static void near(float[] actual, double[] expected, String what) {
        assertThat(actual).hasSameSizeAs(expected);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        assertThat(Math.sqrt(error / norm)).as("relative error of the %s", what).isLessThan(2e-6);
    }
}
