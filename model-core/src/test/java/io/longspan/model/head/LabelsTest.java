package io.longspan.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.Presets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LabelsTest {
    private static final SequenceLayout PAIR = SequenceLayout.allLocal(3, 2);

    /** Central differences: the slope of each loss in each score. */
    @Test
    void everyGradientIsTheSlopeOfItsLoss() {
        long seed = 20261124;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<Labels> all =
                List.of(
                        new TokenLabels(new long[] {0, 3}, new long[] {2, 0}),
                        new ClassLabels(1, 3),
                        new ClassLabels(Labels.NONE, 2),
                        new ClassSets(1, 0, 0.25f, 0, 1, 1),
                        new NumberLabels(0.5f, -2, 3, 1),
                        new SpanLabels(new long[] {1, 0}, new long[] {2, 2}, SpanReading.HF),
                        new SpanLabels(new long[] {1, 9}, new long[] {2, 1}, SpanReading.PACKED),
                        new ChoiceLabels(2, 1));
        int[] sizes = {6, 8, 8, 6, 4, 10, 10, 2};
        for (int n = 0; n < sizes.length; n++) {
            Labels labels = all.get(n);
            float[] scores = new float[sizes[n]];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = (float) random.nextGaussian();
            }
            float[] gradient = new float[scores.length];
            labels.loss(scores, PAIR, gradient);
            for (int i = 0; i < scores.length; i++) {
                float[] up = scores.clone();
                float[] down = scores.clone();
                up[i] += 1f / 128;
                down[i] -= 1f / 128;
                double slope = 64 * (labels.loss(up, PAIR, null) - labels.loss(down, PAIR, null));
                assertThat((double) gradient[i])
                        .as("%s, score %d", labels.getClass().getSimpleName(), i)
                        .isCloseTo(slope, within(1e-3));
            }
        }
    }

    /** Both by hand: ln(1 + e), and the mean of two squares. */
    @Test
    void lossesAreThoseOfTheirDefinitions() {
        float[] equal = new float[4];
        assertThat(new ClassLabels(1, Labels.NONE).loss(equal, PAIR, null))
                .isCloseTo(Math.log(2), within(1e-12));
        assertThat(new ClassLabels(1, Labels.NONE).terms()).isEqualTo(1);
        assertThat(new ClassSets(0, 1).loss(new float[] {1, -1}, PAIR, null))
                .isCloseTo(2 * Math.log(1 + Math.E), within(1e-6));
        // Scores whose exponential overflows.
        assertThat(new ClassSets(0, 1).loss(new float[] {800, -800}, PAIR, null)).isEqualTo(1600);
        assertThat(new ClassLabels(0, 1).loss(new float[] {-900, 900, 0, 0}, PAIR, null))
                .isCloseTo(1800 + Math.log(2), within(1e-6));
        assertThat(new NumberLabels(1, 2).loss(new float[] {3, -1}, PAIR, null)).isEqualTo(13);
    }

    @Test
    void placesOfAnAnswerAreClampedAndThoseAfterTheEndLeftOut() {
        float[] scores = new float[10];
        scores[0] = 2;
        double before = span(scores, PAIR, SpanReading.HF, -4, 0);
        assertThat(before).isEqualTo(span(scores, PAIR, SpanReading.HF, 0, 0));
        // The second row's places are its length and far beyond: only the first row counts.
        Labels labels = new SpanLabels(new long[] {0, 2}, new long[] {1, 99}, SpanReading.HF);
        double first = Math.log(Math.exp(2) + 2) - 2;
        assertThat(labels.loss(scores, PAIR, null) / labels.terms())
                .isCloseTo((first + Math.log(3)) / 2, within(1e-6));
        assertThat(span(scores, PAIR, SpanReading.HF, 9, 9)).isNaN();
        assertThat(span(scores, PAIR, SpanReading.PACKED, 9, 9)).isZero();
    }

    /** Hugging Face counts pads, the packed reading gives what the sequence alone gives. */
    @Test
    void onlyThePackedReadingOfAnAnswersLossIsBlindToPads() {
        Random random = new Random(7);
        float[] scores = new float[20];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = (float) random.nextGaussian();
        }
        byte[] roles = SequenceLayout.allLocal(10).roles();
        Arrays.fill(roles, 7, 10, TokenRole.MASKED.code());
        SequenceLayout padded = SequenceLayout.of(new int[] {0, 10}, roles);
        SequenceLayout alone = SequenceLayout.allLocal(7);
        float[] own = Arrays.copyOf(scores, 14);
        assertThat(one(scores, padded, SpanReading.PACKED))
                .isEqualTo(one(own, alone, SpanReading.PACKED))
                .isEqualTo(one(own, alone, SpanReading.HF));
        assertThat(one(scores, padded, SpanReading.HF))
                .isGreaterThan(one(own, alone, SpanReading.HF) + 0.1);
    }

    @Test
    void labelsOutOfRangeAreNamedWithTheirRow() {
        refused(
                new ClassLabels(0, 4),
                Task.SEQUENCE_CLASSIFICATION,
                "row 1 is 4; allowed are 0 to 3");
        refused(new ClassLabels(-1, 0), Task.SEQUENCE_CLASSIFICATION, "row 0 is -1");
        refused(new ClassLabels(1), Task.SEQUENCE_CLASSIFICATION, "1 labels for 2 sequences");
        refused(
                new TokenLabels(new long[] {4}, new long[] {7}),
                Task.TOKEN_CLASSIFICATION,
                "token 1 of row 1 is 7; allowed are 0 to 3");
        refused(
                new ClassSets(0, 0, 0, 0, 0, 0, 1.5f, 0),
                Task.SEQUENCE_CLASSIFICATION,
                "row 1 for class 2 is 1.5");
        refused(
                new NumberLabels(0, 0, 0, 0, 0, Float.NaN, 0, 0),
                Task.SEQUENCE_CLASSIFICATION,
                "row 1 is NaN");
        refused(new ChoiceLabels(2, 2), Task.MULTIPLE_CHOICE, "row 0 is 2; allowed are 0 to 1");
        refused(new ChoiceLabels(3, 0), Task.MULTIPLE_CHOICE, "3 choices");
        refused(new ClassLabels(0, 0), Task.MULTIPLE_CHOICE, "task is multiple-choice");
        byte[] roles = PAIR.roles();
        roles[1] = TokenRole.MASKED.code();
        SequenceLayout masked = SequenceLayout.of(PAIR.starts(), roles);
        TaskSetup setup = TaskSetup.of(Presets.get("tiny"), Task.QUESTION_ANSWERING, 2);
        long[] places = {1, 0};
        new SpanLabels(places, places, SpanReading.HF).check(setup, masked);
        assertThatThrownBy(() ->
                        new SpanLabels(places, places, SpanReading.PACKED).check(setup, masked))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("first token in row 0 is 1, which is masked");
    }

    private static double span(
            float[] scores, SequenceLayout layout, SpanReading reading, long start, long end) {
        return new SpanLabels(new long[] {start, start}, new long[] {end, end}, reading)
                .loss(scores, layout, null);
    }

    private static double one(float[] scores, SequenceLayout layout, SpanReading reading) {
        return new SpanLabels(new long[] {2}, new long[] {5}, reading).loss(scores, layout, null);
    }

    private static void refused(Labels labels, Task task, String message) {
        TaskSetup setup = TaskSetup.of(Presets.get("tiny"), task, 4);
        assertThatThrownBy(() -> labels.check(setup, PAIR))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(message);
    }
}
