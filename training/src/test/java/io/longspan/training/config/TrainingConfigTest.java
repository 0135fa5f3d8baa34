package io.longspan.training.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.model.ModelInputException;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.TrainingKernels;
import io.longspan.training.optim.Schedule;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrainingConfigTest {
    @Test
    void absentSettingsAreThoseOfThePaper() {
        TrainingConfig config = TrainingConfig.parse(base());
        assertThat(config.rate().peak()).isEqualTo(3e-5);
        assertThat(config.rate().power()).isEqualTo(3);
        assertThat(config.optimizer().beta2()).isEqualTo(0.98);
        assertThat(config.optimizer().epsilon()).isEqualTo(1e-6);
        assertThat(config.optimizer().weightDecay()).isEqualTo(0.01);
        assertThat(config.guessing().share()).isEqualTo(0.15);
        assertThat(config.globalTokens()).isNull();
    }

    @Test
    void writtenSettingsReadBackAsTheSameConfiguration() {
        Map<String, Object> values = base();
        values.put("learning_rate", "1e-3");
        values.put("sequence_length", 128);
        values.put("tokens_per_step", 1024);
        values.put("data", "books");
        values.put("mask_token_id", 7);
        values.put("global_tokens", "first-token");
        values.put("activations", "recomputed");
        values.put("hidden_dropout", "model");
        values.put("attention_dropout", 0.25);
        TrainingConfig config = TrainingConfig.parse(values);
        assertThat(TrainingConfig.parse(new HashMap<>(config.settings()))).isEqualTo(config);
        TrainingConfig defaults = TrainingConfig.parse(base());
        assertThat(TrainingConfig.parse(new HashMap<>(defaults.settings()))).isEqualTo(defaults);
    }

    @Test
    void whatComputesStepsBindsARunWhereItIsChosen() {
        Map<String, Object> values = base();
        TrainingConfig defaults = TrainingConfig.parse(values);
        assertThat(defaults.computing())
                .isEqualTo(
                        new Computing(Activations.KEPT, Computing.AUTO, Computing.Products.AUTO));
        assertThat(defaults.binding()).doesNotContainKeys("products", "kept_memory");
        assertThat(defaults.computing().keptBytes(5)).isEqualTo(5);
        values.put("activations", "recomputed");
        values.put("kept_memory", 3);
        assertThat(TrainingConfig.parse(values).computing().keptBytes(5)).isEqualTo(3L << 20);
        assertThat(TrainingConfig.parse(values).binding()).doesNotContainKey("kept_memory");
        values.put("products", "engine");
        assertThatThrownBy(() -> TrainingConfig.parse(values))
                .hasMessageContaining("'kept_memory' means nothing with products: engine");
        values.put("products", "auto");
        values.put("activations", "kept");
        assertThatThrownBy(() -> TrainingConfig.parse(values))
                .hasMessageContaining("'kept_memory' means nothing with activations: kept");
        values.remove("kept_memory");
        values.put("products", "engine");
        TrainingConfig config = TrainingConfig.parse(values);
        assertThat(TrainingConfig.parse(new HashMap<>(config.settings()))).isEqualTo(config);
        assertThat(config.binding()).containsEntry("products", "engine");
        try (TrainingKernels kernels = config.computing().kernels(null)) {
            assertThat(kernels.fallback()).contains("the setting 'products' says so");
        }
        values.put("products", "mkl");
        assertThatThrownBy(() -> TrainingConfig.parse(values))
                .hasMessage("training setting 'products' is 'mkl'; it must be one of auto, engine");
        values.put("products", "auto");
        values.put("kept_memory", -2);
        assertThatThrownBy(() -> TrainingConfig.parse(values))
                .hasMessageContaining("'kept_memory' is -2");
    }

    @Test
    void aMixtureOfDataSetsReadsBackAsTheSameConfiguration() {
        Map<String, Object> values = base();
        values.put(
                "data",
                List.of(
                        Map.of("path", "sets/books", "weight", 3),
                        Map.of("path", "other/books", "name", "more books", "weight", "0.5"),
                        "papers"));
        values.put("packing", "documents");
        values.put("tokens_per_step", 700);
        TrainingConfig config = TrainingConfig.parse(values);
        assertThat(config.data().parts())
                .containsExactly(
                        new DataPart("books", Path.of("sets/books"), 3),
                        new DataPart("more books", Path.of("other/books"), 0.5),
                        new DataPart("papers", Path.of("papers"), 1));
        assertThat(TrainingConfig.parse(new HashMap<>(config.settings()))).isEqualTo(config);
        assertThat(config.binding())
                .containsEntry("data_weights", "3.0, 0.5, 1.0")
                .containsEntry("packing", "documents")
                .doesNotContainKey("data");
        values.put("data", List.of("papers"));
        values.put("packing", "concatenated");
        values.put("tokens_per_step", 1024);
        assertThat(TrainingConfig.parse(values).settings()).containsEntry("data", "papers");
        assertThat(TrainingConfig.parse(values).binding())
                .doesNotContainKeys("data_weights", "packing", "data");
    }

    @Test
    void aMixtureThatIsNotAllowedIsNamed() {
        Map<Object, String> wrong =
                Map.of(
                        List.of("a/x", "b/x"), "two data sets of the name 'x'",
                        List.of(Map.of("path", "x", "weight", 0)), "'x' the weight 0.0",
                        List.of(Map.of("path", "x", "weight", 1e5), "y"),
                                "'y' less than 1 of 10000",
                        List.of(Map.of("path", "x", "weigth", 2)),
                                "the nearest known one is 'weight'",
                        List.of(Map.of("weight", 2)), "'path' is missing",
                        List.of(), "'[]'; it must be one path",
                        List.of(3), "'3'; it must be one path");
        wrong.forEach((data, message) -> {
            Map<String, Object> values = base();
            values.put("data", data);
            assertThatThrownBy(() -> TrainingConfig.parse(values))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining(message);
        });
    }

    @Test
    void anUnknownSettingNamesTheNearestKnownOne() {
        Map<String, Object> values = base();
        values.put("learning_rat", 1);
        assertThatThrownBy(() -> TrainingConfig.parse(values))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'learning_rat'")
                .hasMessageContaining("'learning_rate'");
    }

    @ParameterizedTest
    @CsvSource({
        "learning_rate, 0, above 0",
        "learning_rate, -1, above 0",
        "learning_rate, NaN, a number",
        "learning_rate, fast, a number",
        "steps, 0, 1 or more",
        "steps, 1.5, a whole number",
        "steps, 99999999999, from 0",
        "warmup_steps, 20, below steps",
        "tokens_per_step, 700, a multiple of sequence_length",
        "tokens_per_batch, 100, at least sequence_length",
        "beta2, 1, below 1",
        "mask_share, 0, above 0",
        "random_token_share, 0.3, at most 1",
        "evaluation_share, 1, below 1",
        "keep_checkpoints, 0, 1 or more",
        "objective, translation, masked-lm",
        "schedule, steps, cosine",
        "keep_best, maybe, true or false",
        "hidden_dropout, 1, at least 0 and below 1",
        "attention_dropout, -0.1, at least 0 and below 1",
        "attention_dropout, some, a number",
        "global_tokens, all, none",
        "activations, some, recomputed",
        "packing, padded, concatenated"
    })
    void aValueThatIsNotAllowedIsNamedWithWhatIs(String key, String value, String allowed) {
        Map<String, Object> values = base();
        values.put(key, value);
        assertThatThrownBy(() -> TrainingConfig.parse(values))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'" + key + "'")
                .hasMessageContaining(value)
                .hasMessageContaining(allowed);
    }

    @Test
    void aMissingSettingIsNamed() {
        for (String key : base().keySet()) {
            Map<String, Object> values = base();
            values.remove(key);
            assertThatThrownBy(() -> TrainingConfig.parse(values))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("'" + key + "' is missing");
        }
    }

    @Test
    void theRateRisesInALineAndFallsByThePolynomial() {
        Schedule schedule = new Schedule(Decay.POLYNOMIAL, 2e-3, 1e-4, 5, 20, 3);
        assertThat(schedule.rate(0)).isEqualTo(4e-4, within(1e-12));
        assertThat(schedule.rate(4)).isEqualTo(2e-3, within(1e-12));
        assertThat(schedule.rate(5)).isEqualTo(2e-3, within(1e-12));
        assertThat(schedule.rate(11)).isEqualTo(1e-4 + 1.9e-3 * 0.216, within(1e-12));
        assertThat(new Schedule(Decay.POLYNOMIAL, 1, 0.5, 0, 10, 0).rate(9)).isEqualTo(1);
    }

    @Test
    void theRateFallsByTheChosenCurve() {
        assertThat(new Schedule(Decay.LINEAR, 2, 1, 0, 8, 9).rate(2))
                .isEqualTo(1.75, within(1e-12));
        assertThat(new Schedule(Decay.CONSTANT, 2, 0, 2, 8, 9).rate(7)).isEqualTo(2);
        Schedule cosine = new Schedule(Decay.COSINE, 2, 0, 2, 8, 9);
        for (int step = 2; step < 8; step++) {
            double expected = 1 + Math.cos(Math.PI * (step - 2) / 6);
            assertThat(cosine.rate(step)).isEqualTo(expected, within(1e-12));
        }
    }

    @Test
    void aPowerBelongsToThePolynomial() {
        Map<String, Object> values = base();
        values.put("schedule", "linear");
        values.put("decay_power", 2);
        assertThatThrownBy(() -> TrainingConfig.parse(values))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'decay_power'")
                .hasMessageContaining("linear");
    }

    private static Map<String, Object> base() {
        return new HashMap<>(Map.of("model", "m", "output", "o", "steps", 20));
    }
}
