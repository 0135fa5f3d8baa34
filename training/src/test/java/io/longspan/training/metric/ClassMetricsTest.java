package io.longspan.training.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.model.head.ProblemType;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Expected numbers are worked out by hand from the counts in the comments. */
final class ClassMetricsTest {
    @Test
    void oneLabelCountsClassesThatOccur() {
        ClassMetrics metrics = new ClassMetrics(ProblemType.SINGLE_LABEL, 4);
        int[][] truthAndAnswer = {{0, 0}, {0, 0}, {0, 1}, {1, 1}, {2, 1}};
        for (int[] pair : truthAndAnswer) {
            float[] scores = {9, -1, -1, -1, -1};
            scores[1 + pair[1]] = 3;
            metrics.add(scores, 1, new float[] {pair[0]});
        }
        // Class 0: 2 hits, 2 answers, 3 truths; class 1: 1, 3, 1; class 2: 0, 0, 1; class 3: none.
        Map<String, Double> measured = metrics.measured();
        assertThat(measured.get("accuracy")).isCloseTo(0.6, within(1e-12));
        assertThat(measured.get("micro_f1")).isCloseTo(0.6, within(1e-12));
        assertThat(measured.get("macro_f1")).isCloseTo((0.8 + 0.5 + 0) / 3, within(1e-12));
    }

    @Test
    void severalLabelsCountWholeAnswersAndEveryClass() {
        ClassMetrics metrics = new ClassMetrics(ProblemType.MULTI_LABEL, 3);
        metrics.add(new float[] {1, -1, -1}, 0, new float[] {1, 0, 0});
        metrics.add(new float[] {1, 1, -1}, 0, new float[] {1, 0, 0});
        metrics.add(new float[] {-1, 0, -1}, 0, new float[] {1, 1, 0});
        // Class 0: 2 hits, 2 answers, 3 truths; class 1: 0, 1, 1; class 2: none.
        Map<String, Double> measured = metrics.measured();
        assertThat(measured.get("accuracy")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(measured.get("micro_f1")).isCloseTo(4 / 7.0, within(1e-12));
        assertThat(measured.get("macro_f1")).isCloseTo(0.8 / 3, within(1e-12));
    }

    @Test
    void numbersHaveAnErrorAndACorrelation() {
        ClassMetrics metrics = new ClassMetrics(ProblemType.REGRESSION, 1);
        float[] scores = {1, 2, 4};
        float[] truths = {1, 3, 2};
        for (int i = 0; i < 3; i++) {
            metrics.add(scores, i, new float[] {truths[i]});
        }
        Map<String, Double> measured = metrics.measured();
        assertThat(measured.get("mse")).isCloseTo(5 / 3.0, within(1e-12));
        // Deviations (-4/3, -1/3, 5/3) and (-1, 1, 0): 1 / sqrt(42/9 * 2).
        assertThat(measured.get("pearson")).isCloseTo(1 / Math.sqrt(84 / 9.0), within(1e-12));
    }
}
