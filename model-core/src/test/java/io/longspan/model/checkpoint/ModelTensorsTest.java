package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ModelType;
import io.longspan.model.config.Presets;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameter counts of the published models, worked out from their sizes by hand. */
final class ModelTensorsTest {
    @ParameterizedTest
    @CsvSource({
        "longformer-base-4096, 148068864, 148659456, 148711257",
        "longformer-large-4096, 433551360, 434600960, 434653273",
        "roberta-base, 124055040, 124645632, 124697433",
        "roberta-large, 354310144, 355359744, 355412057",
    })
    void publishedModelsHaveTheirParameterCounts(
            String preset, long encoder, long withPooler, long maskedLm) {
        LongformerConfig config = Presets.get(preset);
        assertThat(count(config, Task.ENCODER, ExpectedTensor::required)).isEqualTo(encoder);
        assertThat(count(config, Task.ENCODER, tensor -> true)).isEqualTo(withPooler);
        assertThat(count(config, Task.MASKED_LM, ExpectedTensor::required)).isEqualTo(maskedLm);
    }

    @ParameterizedTest
    @CsvSource({"longformer-base-4096, 21261312", "longformer-large-4096, 75571200"})
    void globalProjectionsHaveTheirParameterCount(String preset, long expected) {
        LongformerConfig config = Presets.get(preset);
        assertThat(count(config, Task.ENCODER, tensor -> tensor.name().contains("_global")))
                .isEqualTo(expected);
    }

    @Test
    void offsetBiasHasAColumnPerOffset() {
        LongformerConfig config =
                Presets.get("tiny").toBuilder()
                        .modelType(ModelType.LONGSPAN)
                        .offsetBias(true)
                        .causal(true)
                        .build();
        assertThat(ModelTensors.of(config, Task.ENCODER, 0))
                .contains(
                        ExpectedTensor.required(
                                "encoder.layer.1.attention.self.offset_bias", 4, 17));
    }

    private static long count(
            LongformerConfig config, Task task, Predicate<ExpectedTensor> counted) {
        return ModelTensors.of(config, task, 0).stream()
                .filter(counted)
                .mapToLong(t -> new TensorInfo(t.name(), DType.F32, t.shape()).elements())
                .sum();
    }
}
