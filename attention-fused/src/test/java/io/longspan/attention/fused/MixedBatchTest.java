package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.oracle.AttentionOracle;
import io.longspan.attention.testkit.oracle.AttentionProblem;
import io.longspan.attention.testkit.oracle.OracleGradients;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sequences of very different lengths in one batch, against the float64 oracle. */
final class MixedBatchTest {
    private static final long SEED = 11;

    @Test
    void shortAndLongSequencesLiveInOneBatch() {
        SequenceLayout layout = SequenceLayout.allLocal(1, 17, 5000).withGlobals(3, 2500);
        AttentionPattern pattern =
                AttentionPattern.builder(2).reach(30, 30).dilation(1, 4).scaleFor(20).build();
        agrees(layout, pattern, 20, "auto");
    }

    /** Lengths, head size, windows and dilations that no tile, vector or segment divides. */
    @ParameterizedTest
    @ValueSource(strings = {"auto", "256", "128", "scalar"})
    void everyFeatureAtOnceAndNothingDividesAnything(String bits) {
        SequenceLayout layout = SequenceLayout.allLocal(1, 17, 2203).withGlobals(3, 700, 2220);
        AttentionPattern pattern =
                AttentionPattern.builder(2)
                        .reach(29, 11)
                        .reach(1, 7, 43)
                        .dilation(1, 3)
                        .scaleFor(19)
                        .offsetBias(true)
                        .dropout(0.15f)
                        .build();
        agrees(layout, pattern, 19, bits);
    }

    private static void agrees(
            SequenceLayout layout, AttentionPattern pattern, int headSize, String bits) {
        AttentionDropout dropout = pattern.dropout() > 0 ? Calls.dropout(layout.sequences()) : null;
        int first = pattern.offsetBias() ? 1 : 0;
        try (Calls calls = new Calls(layout, pattern, headSize, SEED);
                FusedAttention backend =
                        Calls.backend(2, Map.of("vector-bits", bits, "warm-up", "false"))) {
            List<float[]> actual = calls.run(backend);
            List<float[]> in = calls.inputs();
            AttentionProblem problem =
                    new AttentionProblem(
                            layout,
                            pattern,
                            headSize,
                            QueryRows.all(),
                            dropout,
                            in.get(first),
                            in.get(first + 1),
                            in.get(first + 2),
                            first == 0 ? null : in.getFirst());
            near(actual.get(0), AttentionOracle.forward(problem).output(), "output");
            OracleGradients expected = AttentionOracle.backward(problem, in.get(first + 3));
            near(actual.get(1), expected.query(), "gradient of the query");
            near(actual.get(2), expected.key(), "gradient of the key");
            near(actual.get(3), expected.value(), "gradient of the value");
            if (pattern.offsetBias()) {
                near(actual.get(4), expected.bias(), "gradient of the bias");
            }
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
        assertThat(Math.sqrt(error / norm))
                .as("relative error of the %s, seed %d", what, SEED)
                .isLessThan(2e-6);
    }
}
