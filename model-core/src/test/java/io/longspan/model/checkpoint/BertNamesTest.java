package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names as transformers' BertFor... classes give them; the tensors are those of a RoBERTa. */
final class BertNamesTest {
    private static final Path ROBERTA = Path.of("src/test/resources/fixtures/roberta-source");

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bert.", "", "model.bert."})
    void maskedLanguageModelOfBertHasTheTensorsOfARoberta(String prefix) {
        assertSameAsRoberta(name -> bert(name, prefix));
    }

    @Test
    void gammaAndBetaOfOldFilesAreGainAndShift() {
        assertSameAsRoberta(name -> old(bert(name, "bert.")));
    }

    @Test
    void headForTheNextSentenceAndThePoolerAreNoProblem() {
        OutgoingTensor next =
                OutgoingTensor.of("cls.seq_relationship.weight", new float[2 * 48], 2, 48);
        OutgoingTensor pooler =
                OutgoingTensor.of("bert.pooler.dense.weight", new float[48 * 48], 48, 48);
        OutgoingTensor bias = OutgoingTensor.of("bert.pooler.dense.bias", new float[48], 48);
        try (SafetensorsFile source = bertFile(name -> bert(name, "bert."), next, pooler, bias)) {
            TensorNames names = TensorNames.of(config(), source);
            assertThat(names.task()).isEqualTo(Task.MASKED_LM);
            assertThat(names.unused()).containsExactly("cls.seq_relationship.weight");
            assertThat(names.has("pooler.dense.weight")).isTrue();
        }
    }

    @Test
    void classifierOnBertsPoolerIsAClassifierInTwoPieces() {
        LongformerConfig config =
                config().toBuilder()
                        .architectures(List.of("BertForSequenceClassification"))
                        .labels(List.of("a", "b", "c"))
                        .build();
        UnaryOperator<String> encoderOnly =
                name -> name.startsWith("lm_head") ? "cls.x." + name : bert(name, "bert.");
        try (SafetensorsFile source =
                bertFile(
                        encoderOnly,
                        OutgoingTensor.of("bert.pooler.dense.weight", new float[48 * 48], 48, 48),
                        OutgoingTensor.of("bert.pooler.dense.bias", new float[48], 48),
                        OutgoingTensor.of("classifier.weight", new float[3 * 48], 3, 48),
                        OutgoingTensor.of("classifier.bias", new float[3], 3))) {
            TensorNames names = TensorNames.of(config, source);
            assertThat(names.task()).isEqualTo(Task.SEQUENCE_CLASSIFICATION);
            assertThat(names.fileName("classifier.dense.weight"))
                    .isEqualTo("bert.pooler.dense.weight");
            assertThat(names.fileName("classifier.out_proj.bias")).isEqualTo("classifier.bias");
            assertThat(names.has("pooler.dense.weight")).isFalse();
            assertThat(names.unused()).allMatch(name -> name.startsWith("cls.x."));
        }
    }

    private void assertSameAsRoberta(UnaryOperator<String> rename) {
        try (Checkpoint roberta = CheckpointFiles.open(ROBERTA);
                SafetensorsFile source = bertFile(rename)) {
            TensorNames expected = roberta.names();
            TensorNames names = TensorNames.of(roberta.config(), source);
            assertThat(names.task()).isEqualTo(Task.MASKED_LM);
            assertThat(names.unused()).isEmpty();
            assertThat(names.canonical()).isEqualTo(expected.canonical());
            for (String name : expected.canonical()) {
                assertThat(names.get(name).data().mismatch(expected.get(name).data()))
                        .as(name)
                        .isEqualTo(-1);
            }
        }
    }

    private SafetensorsFile bertFile(UnaryOperator<String> rename, OutgoingTensor... more) {
        return RenamedFile.open(
                ROBERTA.resolve("model.safetensors"),
                folder.resolve("bert.safetensors"),
                rename,
                more);
    }

    private static LongformerConfig config() {
        return LongformerConfigJson.read(ROBERTA.resolve("config.json"));
    }

    private static String bert(String name, String prefix) {
        return switch (name) {
            case "lm_head.bias" -> "cls.predictions.bias";
            case "lm_head.layer_norm.weight" -> "cls.predictions.transform.LayerNorm.weight";
            case "lm_head.layer_norm.bias" -> "cls.predictions.transform.LayerNorm.bias";
            case "lm_head.dense.weight", "lm_head.dense.bias" ->
                    name.replace("lm_head.", "cls.predictions.transform.");
            default -> prefix + name.substring("roberta.".length());
        };
    }

    private static String old(String name) {
        return name.replace("LayerNorm.weight", "LayerNorm.gamma")
                .replace("LayerNorm.bias", "LayerNorm.beta");
    }
}
