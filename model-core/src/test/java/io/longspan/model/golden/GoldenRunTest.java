package io.longspan.model.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.Backends;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.config.Presets;
import io.longspan.model.infer.LongformerModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The machinery, on numbers that transformers gave for the small fixtures. */
final class GoldenRunTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final int LENGTH = 61; // of the first row, which has no pads
    private static final int VOCABULARY = 503;
    private static final int WIDTH = 48;

    @Test
    void encodersNumbersAreThoseOfTransformers() {
        float[] states = output("encoder-global-many", "hidden_state.3", LENGTH * WIDTH);
        GoldenCase golden =
                new GoldenCase(
                        "many",
                        firstRow("encoder-global-many"),
                        new int[] {0, 3, 20, 60},
                        List.of(
                                new GoldenNumber(GoldenQuantity.FIRST_STATE, 47, states[47], 2e-5),
                                new GoldenNumber(GoldenQuantity.STATE_SUM, 0, sum(states), 1e-3),
                                new GoldenNumber(
                                        GoldenQuantity.STATE_MEAN,
                                        0,
                                        sum(states) / states.length,
                                        1e-6)));
        List<GoldenComparison> results = run("encoder-global-many", golden);
        assertThat(results).hasSize(3).allMatch(GoldenComparison::passed);
    }

    @Test
    void languageModelsNumbersAreThoseOfTransformers() {
        float[] logits = output("masked-lm", "logits", LENGTH * VOCABULARY);
        long[] ids = firstRow("masked-lm");
        GoldenCase golden =
                new GoldenCase(
                        "words",
                        ids,
                        new int[] {},
                        List.of(
                                new GoldenNumber(
                                        GoldenQuantity.LOSS, 0, crossEntropy(logits, ids), 1e-5),
                                new GoldenNumber(GoldenQuantity.LOGIT_SUM, 0, sum(logits), 1e-2),
                                new GoldenNumber(
                                        GoldenQuantity.LOGIT_MEAN,
                                        0,
                                        sum(logits) / logits.length,
                                        1e-6)));
        List<GoldenComparison> results = run("masked-lm", golden);
        assertThat(results).hasSize(3).allMatch(GoldenComparison::passed);
        // An encoder has no words to guess: its case is left out rather than failed.
        assertThat(run("encoder-local", golden)).isEmpty();
    }

    @Test
    void anotherModelsNumbersFailAndAreShown() {
        List<GoldenNumber> wrong =
                List.of(
                        new GoldenNumber(GoldenQuantity.STATE_SUM, 0, 1e9, 1),
                        new GoldenNumber(GoldenQuantity.LOSS, 0, 0.0074, 1e-4));
        GoldenCase golden = new GoldenCase("other", firstRow("masked-lm"), new int[] {}, wrong);
        List<GoldenComparison> results = run("masked-lm", golden);
        assertThat(results).hasSize(2).noneMatch(GoldenComparison::passed);
        assertThat(results.get(1).found()).isGreaterThan(1);
        assertThat(new GoldenComparison("x", wrong.getFirst(), Double.NaN).passed()).isFalse();
    }

    @Test
    void publishedCasesAreTheTwoTextsOfTheirTests() {
        List<GoldenCase> cases = PublishedNumbers.cases();
        assertThat(cases.get(0).ids()).containsExactly(0, 20920, 232, 328, 1437, 2);
        assertThat(cases.get(1).ids()).hasSize(4002).startsWith(0, 20920).endsWith(1437, 2);
        assertThat(cases.get(1).globals()).containsExactly(1, 4, 21);
        assertThat(cases.get(2).globals()).isEmpty();
        assertThat(cases.stream().mapToInt(c -> c.numbers().size()).sum()).isEqualTo(10);
    }

    @Test
    void modelOfAnotherSizeIsRefusedByName() {
        PublishedNumbers.requireSameShape(Presets.get("longformer-base-4096"));
        assertThatThrownBy(() -> PublishedNumbers.requireSameShape(Presets.get("tiny")))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("hidden_size is 64 and that of longformer-base-4096 is 768");
        assertThatThrownBy(() -> PublishedNumbers.requireSameShape(Presets.get("roberta-base")))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("model_type is roberta");
    }

    private static List<GoldenComparison> run(String fixture, GoldenCase golden) {
        try (AttentionBackend attention = Backends.of("loop");
                LongformerModel model =
                        LongformerModel.open(FIXTURES.resolve(fixture), Progress.none())) {
            return GoldenRun.run(model, List.of(golden), attention, Progress.none());
        }
    }

    private static long[] firstRow(String fixture) {
        try (SafetensorsFile file =
                SafetensorsFile.open(FIXTURES.resolve(fixture).resolve("inputs.safetensors"))) {
            return Arrays.copyOf(file.get("input_ids").toLongs(), LENGTH);
        }
    }

    private static float[] output(String fixture, String name, int length) {
        try (SafetensorsFile file =
                SafetensorsFile.open(FIXTURES.resolve(fixture).resolve("outputs.safetensors"))) {
            return Arrays.copyOf(file.get(name).toFloats(), length);
        }
    }

    private static double crossEntropy(float[] logits, long[] labels) {
        double loss = 0;
        for (int t = 0; t < labels.length; t++) {
            double total = 0;
            for (int v = 0; v < VOCABULARY; v++) {
                total += Math.exp(logits[t * VOCABULARY + v]);
            }
            loss += Math.log(total) - logits[t * VOCABULARY + (int) labels[t]];
        }
        return loss / labels.length;
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }
}
