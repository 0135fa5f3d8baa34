package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

final class FixtureTrainingTest {
    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "train-masked-lm, loop",
        "train-masked-lm, chunks",
        "train-masked-lm, fused",
        "train-classification, loop",
        "train-classification, chunks",
        "train-classification, fused"
    })
    void twentyStepsOfAdamWGiveTheLossesOfTransformers(String name, String backend)
            throws IOException, URISyntaxException {
        Path fixture = fixture(name);
        JsonNode expected =
                InputJson.object(Files.readAllBytes(fixture.resolve("losses.json"))).path("losses");
        try (AttentionBackend attention = Tiny.backend(backend)) {
            List<Double> losses = FixtureTraining.run(fixture, attention);
            assertThat(losses).hasSize(expected.size());
            for (int step = 0; step < losses.size(); step++) {
                assertThat(losses.get(step))
                        .as("step %d", step)
                        .isCloseTo(expected.path(step).asDouble(), within(2e-5));
            }
        }
    }

    @Test
    void aMissingSettingIsNamed() throws IOException, URISyntaxException {
        for (String name : List.of("config.json", "model.safetensors", "inputs.safetensors")) {
            Files.copy(fixture("train-masked-lm").resolve(name), folder.resolve(name));
        }
        Files.writeString(folder.resolve("losses.json"), "{\"lr\": 0.1, \"warmup\": 1}");
        try (AttentionBackend attention = Tiny.backend("chunks")) {
            assertThatThrownBy(() -> FixtureTraining.run(folder, attention))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("'steps'");
        }
    }

    private static Path fixture(String name) throws URISyntaxException {
        return Path.of(FixtureTrainingTest.class.getResource("/fixtures/" + name).toURI());
    }
}
