package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.config.ModelType;
import io.longspan.model.config.Presets;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TensorNamesTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "encoder-local, ENCODER, ''",
        "encoder-global-first, ENCODER, ''",
        "encoder-global-many, ENCODER, ''",
        "encoder-masked-middle, ENCODER, ''",
        "masked-lm, MASKED_LM, longformer.",
        "roberta-source, MASKED_LM, roberta.",
        "roberta-converted, MASKED_LM, longformer.",
    })
    void everyTensorOfTransformersIsKnown(String name, Task task, String prefix) {
        try (Checkpoint checkpoint = CheckpointFiles.open(FIXTURES.resolve(name))) {
            TensorNames names = checkpoint.names();
            assertThat(names.task()).isEqualTo(task);
            assertThat(names.prefix()).isEqualTo(prefix);
            assertThat(names.unused()).isEmpty();
            assertThat(names.canonical()).hasSameSizeAs(checkpoint.tensors().names());
            for (String canonical : names.canonical()) {
                assertThat(names.fileName(canonical))
                        .isEqualTo(
                                HuggingFaceNames.fileName(
                                        checkpoint.config().modelType(), task, canonical));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "longformer., ''",
        "roberta., ''",
        "model., ''",
        "model.roberta., model."
    })
    void prefixesMetInTheWildAreUnderstood(String encoder, String head) {
        TensorSource renamed =
                masked(name ->
                        name.startsWith("lm_head")
                                ? head + name
                                : encoder + name.substring("longformer.".length()));
        try (renamed) {
            TensorNames names = TensorNames.of(config("masked-lm"), renamed);
            assertThat(names.prefix()).isEqualTo(encoder);
            assertThat(names.task()).isEqualTo(Task.MASKED_LM);
            assertThat(names.fileName("lm_head.dense.weight"))
                    .isEqualTo(head + "lm_head.dense.weight");
            assertThat(names.unused()).isEmpty();
        }
    }

    @Test
    void positionIdsAreIgnoredAndForeignTensorsListed() {
        OutgoingTensor ids =
                OutgoingTensor.of("longformer.embeddings.position_ids", new long[258], 1, 258);
        OutgoingTensor foreign = OutgoingTensor.of("optimizer.state", new float[1], 1);
        OutgoingTensor head = OutgoingTensor.of("classifier.other.bias", new float[48], 48);
        try (TensorSource source = masked(name -> name, ids, foreign, head)) {
            TensorNames names = TensorNames.of(config("masked-lm"), source);
            assertThat(names.unused()).containsExactly("classifier.other.bias", "optimizer.state");
        }
    }

    @Test
    void tiedDecoderIsTheWordTableAndADifferentOneIsReported() {
        LongformerConfig config = config("masked-lm");
        try (TensorSource source = masked(name -> name)) {
            TensorNames names = TensorNames.of(config, source);
            assertThat(names.decoder()).isEqualTo(ModelTensors.WORDS);
            assertThat(names.ignoresDifferentDecoder()).isFalse();
        }
        OutgoingTensor other =
                OutgoingTensor.of(ModelTensors.DECODER, new float[503 * 48], 503, 48);
        try (TensorSource source = masked(name -> name, other)) {
            TensorNames names = TensorNames.of(config, source);
            assertThat(names.decoder()).isEqualTo(ModelTensors.WORDS);
            assertThat(names.ignoresDifferentDecoder()).isTrue();
            assertThat(names.ignoredTwins())
                    .singleElement()
                    .asString()
                    .contains("renamed.safetensors", "differs from the word table");
            LongformerConfig untied = config.toBuilder().tiedWordEmbeddings(false).build();
            TensorNames own = TensorNames.of(untied, source);
            assertThat(own.decoder()).isEqualTo(ModelTensors.DECODER);
            assertThat(own.ignoresDifferentDecoder()).isFalse();
        }
    }

    @Test
    void decodersBiasMayHaveEitherNameOrBoth() {
        UnaryOperator<String> asDecoder =
                name -> name.equals("lm_head.bias") ? "lm_head.decoder.bias" : name;
        try (TensorSource source = masked(asDecoder)) {
            assertThat(TensorNames.of(config("masked-lm"), source).fileName("lm_head.bias"))
                    .isEqualTo("lm_head.decoder.bias");
        }
        OutgoingTensor second = OutgoingTensor.of("lm_head.decoder.bias", new float[503], 503);
        try (TensorSource source = masked(name -> name, second)) {
            assertThat(TensorNames.of(config("masked-lm"), source).fileName("lm_head.bias"))
                    .isEqualTo("lm_head.bias");
        }
    }

    @Test
    void aBiasUnderTwoNamesIsReportedWhenTheyDiffer() {
        float[] bias;
        try (SafetensorsFile original =
                SafetensorsFile.open(FIXTURES.resolve("masked-lm/model.safetensors"))) {
            bias = original.get("lm_head.bias").toFloats();
        }
        String second = "lm_head.decoder.bias";
        try (TensorSource source =
                masked(name -> name, OutgoingTensor.of(second, bias.clone(), 503))) {
            TensorNames same = TensorNames.of(config("masked-lm"), source);
            assertThat(same.ignoresDifferentBias()).isFalse();
            assertThat(same.ignoredTwins()).isEmpty();
        }
        bias[502]++;
        try (TensorSource source = masked(name -> name, OutgoingTensor.of(second, bias, 503))) {
            TensorNames other = TensorNames.of(config("masked-lm"), source);
            assertThat(other.ignoresDifferentBias()).isTrue();
            assertThat(other.ignoredTwins())
                    .singleElement()
                    .asString()
                    .contains(
                            "renamed.safetensors",
                            "'lm_head.bias' and as 'lm_head.decoder.bias'",
                            "the first is used");
            TensorNames encoder = TensorNames.of(config("masked-lm"), source, Task.ENCODER);
            assertThat(encoder.ignoredTwins()).isEmpty();
        }
    }

    @Test
    void longformerWithoutGlobalProjectionsIsARobertaInDisguise() {
        LongformerConfig config = config("roberta-converted");
        LongformerConfig sized = config.toBuilder().maxPositionEmbeddings(34).build();
        Path file = FIXTURES.resolve("roberta-source/model.safetensors");
        try (TensorSource source = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> TensorNames.of(sized, source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("lacks 18 tensors (")
                    .hasMessageContaining("convert it as a RoBERTa checkpoint")
                    .hasMessageContaining("encoder.layer.0.attention.self.query_global.weight");
        }
    }

    @Test
    void missingTensorIsNamed() {
        try (TensorSource source = masked(name -> name.replace("layer.1.output.dense", "x"))) {
            assertThatThrownBy(() -> TensorNames.of(config("masked-lm"), source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("lacks 2 tensors")
                    .hasMessageContaining("'encoder.layer.1.output.dense.weight'");
        }
    }

    @Test
    void everythingThatDoesNotFitIsNamedAtOnce() {
        UnaryOperator<String> broken =
                name ->
                        name.replace("layer.1.output.dense", "layer.3.output.dense")
                                .replace("layer.2.attention.self.value.", "layer.2.attention.x.");
        LongformerConfig wider = config("masked-lm").toBuilder().intermediateSize(95).build();
        try (TensorSource source = masked(broken)) {
            assertThatThrownBy(() -> TensorNames.of(wider, source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("lacks 4 tensors (")
                    .hasMessageContaining("'encoder.layer.1.output.dense.weight'")
                    .hasMessageContaining("'encoder.layer.2.attention.self.value.bias'")
                    .hasMessageContaining("gives another shape to 8 tensors (")
                    .hasMessageContaining(
                            "'longformer.encoder.layer.0.intermediate.dense.bias' is [96] instead of [95]")
                    .hasMessageContaining("holds 4 tensors that the model does not have (")
                    .hasMessageContaining("'longformer.encoder.layer.3.output.dense.weight'")
                    .hasMessageContaining("'longformer.encoder.layer.2.attention.x.bias'");
        }
    }

    @Test
    void layerThatTheConfigurationDoesNotKnowIsRefused() {
        OutgoingTensor deeper =
                OutgoingTensor.of(
                        "longformer.encoder.layer.3.output.dense.bias", new float[48], 48);
        try (TensorSource source = masked(name -> name, deeper)) {
            assertThatThrownBy(() -> TensorNames.of(config("masked-lm"), source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("holds 1 tensor that the model does not have (")
                    .hasMessageContaining(deeper.info().name());
        }
    }

    @Test
    void globalProjectionsOfARobertaArePartOfALongformer() {
        LongformerConfig roberta =
                config("roberta-source").toBuilder().maxPositionEmbeddings(258).build();
        try (TensorSource source = masked(name -> name)) {
            assertThatThrownBy(() -> TensorNames.of(roberta, source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("holds 18 tensors that the model does not have (")
                    .hasMessageContaining("set model_type longformer and attention_window");
        }
    }

    @Test
    void wrongShapeIsNamedWithBothShapes() {
        LongformerConfig longer =
                config("masked-lm").toBuilder().maxPositionEmbeddings(300).build();
        try (TensorSource source = masked(name -> name)) {
            assertThatThrownBy(() -> TensorNames.of(longer, source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("'longformer.embeddings.position_embeddings.weight'")
                    .hasMessageContaining("is [258, 48] instead of [300, 48]");
        }
    }

    @Test
    void weightsAreRealNumbers() {
        OutgoingTensor whole = OutgoingTensor.of(ModelTensors.DECODER, new long[503 * 48], 503, 48);
        try (TensorSource source = masked(name -> name, whole)) {
            assertThatThrownBy(() -> TensorNames.of(config("masked-lm"), source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("'lm_head.decoder.weight' is I64");
        }
    }

    @Test
    void fileWithoutAWordTableIsNoModel() {
        Path file = FIXTURES.resolve("masked-lm/inputs.safetensors");
        try (TensorSource source = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> TensorNames.of(config("masked-lm"), source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("none of them a word table");
        }
    }

    @Test
    void oneTensorUnderTwoPrefixesIsRefused() {
        OutgoingTensor twin = OutgoingTensor.of("longformer.lm_head.dense.bias", new float[48], 48);
        try (TensorSource source = masked(name -> name, twin)) {
            assertThatThrownBy(() -> TensorNames.of(config("masked-lm"), source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("holds 'lm_head.dense.bias' twice");
        }
    }

    @Test
    void headsDecideTheTask() {
        LongformerConfig config = Presets.get("tiny");
        for (Task task : Task.values()) {
            long labels = 3;
            try (TensorSource source = model(config, task, labels)) {
                assertThat(TensorNames.of(config, source).task()).isEqualTo(task);
                assertThat(TensorNames.of(config, source, Task.ENCODER).task())
                        .isEqualTo(Task.ENCODER);
            }
        }
    }

    @Test
    void classNameDecidesBetweenHeads() {
        LongformerConfig config = Presets.get("tiny");
        OutgoingTensor weight = OutgoingTensor.of("qa_outputs.weight", new float[2 * 64], 2, 64);
        OutgoingTensor bias = OutgoingTensor.of("qa_outputs.bias", new float[2], 2);
        try (TensorSource source = model(config, Task.MASKED_LM, 0, weight, bias)) {
            assertThatThrownBy(() -> TensorNames.of(config, source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("heads for masked-lm and question-answering");
            LongformerConfig declared =
                    config.toBuilder()
                            .architectures(List.of("LongformerForQuestionAnswering"))
                            .build();
            TensorNames names = TensorNames.of(declared, source);
            assertThat(names.task()).isEqualTo(Task.QUESTION_ANSWERING);
            assertThat(names.unused()).contains("lm_head.dense.weight").hasSize(5);
        }
    }

    @Test
    void singleScoreOnAPooledStateIsMultipleChoiceUnlessTheClassNameSaysTokens() {
        LongformerConfig config = Presets.get("tiny");
        LongformerConfig declared =
                config.toBuilder()
                        .architectures(List.of("LongformerForTokenClassification"))
                        .build();
        try (TensorSource source = model(config, Task.MULTIPLE_CHOICE, 1)) {
            assertThat(TensorNames.of(config, source).task()).isEqualTo(Task.MULTIPLE_CHOICE);
            assertThat(TensorNames.of(declared, source).task())
                    .isEqualTo(Task.TOKEN_CLASSIFICATION);
        }
    }

    @Test
    void classifierHasOneRowPerLabelOfTheConfiguration() {
        LongformerConfig three =
                Presets.get("tiny").toBuilder().labels(List.of("a", "b", "c")).build();
        try (TensorSource source = model(three, Task.SEQUENCE_CLASSIFICATION, 2)) {
            assertThatThrownBy(() -> TensorNames.of(three, source))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("is [2, 64] instead of [3, 64]");
        }
    }

    @Test
    void askedForHeadHasToBeThere() {
        try (TensorSource source = masked(name -> name)) {
            assertThatThrownBy(() ->
                            TensorNames.of(config("masked-lm"), source, Task.QUESTION_ANSWERING))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("task question-answering")
                    .hasMessageContaining("'qa_outputs.weight'");
        }
        assertThatThrownBy(() -> Task.of("summary"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("known are encoder, masked-lm");
        assertThat(Task.of("masked-lm")).isEqualTo(Task.MASKED_LM);
        assertThat(Task.MASKED_LM.architecture(ModelType.ROBERTA)).isEqualTo("RobertaForMaskedLM");
    }

    private static LongformerConfig config(String fixture) {
        return LongformerConfigJson.read(FIXTURES.resolve(fixture).resolve("config.json"));
    }

    /** The masked-lm fixture with other names and more tensors. */
    private TensorSource masked(UnaryOperator<String> rename, OutgoingTensor... more) {
        Path file = folder.resolve("renamed.safetensors");
        try (SafetensorsFile original =
                SafetensorsFile.open(FIXTURES.resolve("masked-lm/model.safetensors"))) {
            List<OutgoingTensor> tensors = new ArrayList<>(List.of(more));
            for (String name : original.names()) {
                tensors.add(OutgoingTensor.copyOf(original.get(name), rename.apply(name)));
            }
            SafetensorsWriter.write(file, tensors);
        }
        return SafetensorsFile.open(file);
    }

    private TensorSource model(
            LongformerConfig config, Task task, long labels, OutgoingTensor... more) {
        Path file = folder.resolve("model.safetensors");
        List<OutgoingTensor> tensors = new ArrayList<>(List.of(more));
        for (ExpectedTensor tensor : ModelTensors.of(config, task, labels)) {
            if (tensor.required()) {
                TensorInfo info = new TensorInfo(tensor.name(), DType.BF16, tensor.shape());
                MemorySegment zeros = MemorySegment.ofArray(new byte[(int) info.bytes()]);
                tensors.add(OutgoingTensor.of(info, zeros));
            }
        }
        SafetensorsWriter.write(file, tensors);
        return SafetensorsFile.open(file);
    }
}
