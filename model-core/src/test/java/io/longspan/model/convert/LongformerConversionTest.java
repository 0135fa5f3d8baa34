package io.longspan.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorSource;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LongformerConversionTest {
    @TempDir Path folder;

    /**
     * transformers' side of the fixture tiled 32 positions to 112, the last tile cut, windows 8, 16
     * and 4.
     */
    @Test
    void everyTensorEqualsTheFixtureMadeWithTransformers() throws URISyntaxException {
        Path target = folder.resolve("longformer");
        ConversionReport result =
                LongformerConversion.convert(
                        fixture("roberta-source"), target, 112, 8, Progress.none(), made -> {});
        assertThat(result.sourcePositions()).isEqualTo(32);
        try (TensorSource actual = CheckpointFiles.tensors(target);
                TensorSource expected = CheckpointFiles.tensors(fixture("roberta-converted"))) {
            assertThat(actual.names()).isEqualTo(expected.names());
            for (String name : expected.names()) {
                assertThat(actual.get(name).info()).isEqualTo(expected.get(name).info());
                assertThat(actual.get(name).data().mismatch(expected.get(name).data()))
                        .as(name)
                        .isEqualTo(-1);
            }
        }
    }

    @ParameterizedTest(name = "{0} positions, window {1}")
    @CsvSource({"16,4", "32,64", "33,2", "200,30"})
    void theConvertedModelAnswersLikeItsSourceWhereTheWindowCoversAll(int positions, int window)
            throws URISyntaxException {
        Path source = fixture("roberta-source");
        Path target = folder.resolve("longformer");
        LongformerConversion.convert(
                source, target, positions, window, Progress.none(), made -> {});
        try (AttentionRegistry registry = AttentionRegistry.discover(null);
                SelectedBackend backend =
                        AttentionBackends.open(
                                registry,
                                AttentionSettings.defaults().withBackend("loop"),
                                List.of(),
                                Device.CPU,
                                1)) {
            ConversionCheck check = ConversionCheck.run(source, target, 1, backend.backend());
            assertThat(check.passed()).as(check.toString()).isTrue();
            assertThat(check.maxValue()).isGreaterThan(0.1);
        }
    }

    @Test
    void aLongformerIsExtendedByTilingItsOwnPositionsAndKeepsItsGlobalProjections()
            throws URISyntaxException {
        Path target = folder.resolve("longer");
        Path source = fixture("roberta-converted");
        LongformerConversion.convert(source, target, 230, 6, Progress.none(), made -> {});
        try (Checkpoint before = CheckpointFiles.open(source);
                Checkpoint after = CheckpointFiles.open(target)) {
            assertThat(after.config().usablePositions()).isEqualTo(230);
            assertThat(after.config().attention().getFirst().widest()).isEqualTo(6);
            float[] old = before.names().get("embeddings.position_embeddings.weight").toFloats();
            float[] tiled = after.names().get("embeddings.position_embeddings.weight").toFloats();
            int width = before.config().hiddenSize();
            for (int position = 0; position < 230; position++) {
                assertThat(tiled[(2 + position) * width])
                        .isEqualTo(old[(2 + position % 112) * width]);
            }
            String global = "encoder.layer.1.attention.self.key_global.weight";
            assertThat(after.names().get(global).data().mismatch(before.names().get(global).data()))
                    .isEqualTo(-1);
        }
    }

    @Test
    void theTokenizerComesAlongAndItsLimitFollows() throws IOException, URISyntaxException {
        Path source = folder.resolve("roberta");
        copy(fixture("roberta-source"), source);
        Files.writeString(source.resolve("merges.txt"), "#version: 0.2\n");
        Files.writeString(
                source.resolve("tokenizer_config.json"),
                "{\"model_max_length\": 32, \"unk\": \"ü\"}");
        Path target = folder.resolve("longformer");
        LongformerConversion.convert(source, target, 64, 8, Progress.none(), made -> {});
        assertThat(Files.readString(target.resolve("tokenizer_config.json")))
                .contains("64")
                .contains("ü");
        assertThat(target.resolve("merges.txt")).hasContent("#version: 0.2\n");
    }

    @Test
    void whateverFailsNothingIsLeftBehind() throws IOException, URISyntaxException {
        Path source = fixture("roberta-source");
        Path target = folder.resolve("longformer");
        assertThatThrownBy(() ->
                        LongformerConversion.convert(
                                source,
                                target,
                                64,
                                8,
                                Progress.none(),
                                made -> {
                                    throw new IllegalStateException("no");
                                }))
                .hasMessage("no");
        assertThatThrownBy(() ->
                        LongformerConversion.convert(
                                source, target, 64, 7, Progress.none(), made -> {}))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("window is 7");
        assertThatThrownBy(() ->
                        LongformerConversion.convert(
                                source, target, 0, 8, Progress.none(), made -> {}))
                .hasMessageContaining("positions is 0");
        assertThatThrownBy(() ->
                        LongformerConversion.convert(
                                folder.resolve("none"), target, 64, 8, Progress.none(), made -> {}))
                .hasMessageContaining("does not exist");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFolderWithSomethingInItIsNotTouched() throws IOException, URISyntaxException {
        Path target = folder.resolve("taken");
        Files.createDirectory(target);
        Files.writeString(target.resolve("mine.txt"), "keep");
        assertThatThrownBy(() ->
                        LongformerConversion.convert(
                                fixture("roberta-source"),
                                target,
                                64,
                                8,
                                Progress.none(),
                                made -> {}))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("exists already");
        assertThat(target.resolve("mine.txt")).hasContent("keep");
    }

    @Test
    void randomWeightsFollowTheSeedAndTheRules() {
        var config =
                new LongformerConfigBuilder(ModelType.LONGFORMER)
                        .vocabSize(400)
                        .hiddenSize(32)
                        .layers(2)
                        .heads(4)
                        .intermediateSize(64)
                        .maxPositionEmbeddings(66)
                        .window(8)
                        .build();
        RandomCheckpoint.write(config, 5, folder.resolve("a"), null, Progress.none());
        RandomCheckpoint.write(config, 5, folder.resolve("b"), null, Progress.none());
        RandomCheckpoint.write(config, 6, folder.resolve("c"), null, Progress.none());
        assertThat(folder.resolve("a/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("b/model.safetensors"));
        try (Checkpoint a = CheckpointFiles.open(folder.resolve("a"));
                Checkpoint c = CheckpointFiles.open(folder.resolve("c"))) {
            float[] words = a.names().get("embeddings.word_embeddings.weight").toFloats();
            assertThat(c.names().get("embeddings.word_embeddings.weight").toFloats())
                    .isNotEqualTo(words);
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < words.length; i++) {
                boolean pad = i / 32 == 1;
                assertThat(words[i] == 0).as("element %d", i).isEqualTo(pad);
                sum += words[i];
                squares += (double) words[i] * words[i];
            }
            int drawn = words.length - 32;
            // 12,768 numbers of deviation 0.02: the mean has deviation 0.00018, the deviation
            // itself 0.000125.
            assertThat(Math.abs(sum / drawn)).isLessThan(0.001);
            assertThat(Math.sqrt(squares / drawn)).isBetween(0.0193, 0.0207);
            assertThat(a.names().get("encoder.layer.0.output.LayerNorm.weight").toFloats())
                    .containsOnly(1f);
            assertThat(a.names().get("encoder.layer.0.output.dense.bias").toFloats())
                    .containsOnly(0f);
        }
    }

    private static Path fixture(String name) throws URISyntaxException {
        return Path.of(LongformerConversionTest.class.getResource("/fixtures/" + name).toURI());
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(from.resolve(name), to.resolve(name));
        }
    }
}
