package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.config.ModelType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fixture under each naming that published files have is the same model, bit for bit. */
final class NamesInTheWildTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");
    private static final int WIDTH = 48;

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"longformer.", "", "roberta.", "model.", "model.longformer."})
    void everyTaskIsTheSameUnderEveryPrefix(String prefix) {
        for (String task :
                new String[] {
                    "masked-lm",
                    "classification-single-label",
                    "question-answering",
                    "token-classification",
                    "multiple-choice"
                }) {
            // Heads stay at the top, beside model.encoder... as in Lightning's checkpoints.
            assertSame(task, name -> prefixed(name, prefix), positionIds(prefix));
        }
    }

    @Test
    void encoderWithoutPrefixAndOneWithAreTheSame() {
        assertSame("encoder-local", name -> "longformer." + name, positionIds("longformer."));
        assertSame("encoder-local", name -> name, positionIds(""));
    }

    @Test
    void decoderMayBeTiedAbsentOrCalledByItsOtherName() {
        UnaryOperator<String> biasOfDecoder =
                name -> name.equals("lm_head.bias") ? "lm_head.decoder.bias" : name;
        assertSame("masked-lm", biasOfDecoder);
        try (SafetensorsFile file =
                SafetensorsFile.open(FIXTURES.resolve("masked-lm/model.safetensors"))) {
            StoredTensor words = file.get("longformer.embeddings.word_embeddings.weight");
            StoredTensor bias = file.get("lm_head.bias");
            OutgoingTensor[] both = {
                OutgoingTensor.copyOf(words, "lm_head.decoder.weight"),
                OutgoingTensor.copyOf(bias, "lm_head.decoder.bias")
            };
            try (SafetensorsFile tied = renamed("masked-lm", name -> name, both)) {
                TensorNames names = TensorNames.of(config("masked-lm"), tied);
                assertThat(names.decoder()).isEqualTo(ModelTensors.WORDS);
                assertThat(names.ignoresDifferentDecoder()).isFalse();
                assertThat(names.fileName("lm_head.bias")).isEqualTo("lm_head.bias");
                assertThat(names.unused()).isEmpty();
            }
        }
    }

    @Test
    void poolerMayBeThereInEveryTask() {
        OutgoingTensor weight =
                OutgoingTensor.of(
                        "longformer.pooler.dense.weight", new float[WIDTH * WIDTH], WIDTH, WIDTH);
        OutgoingTensor bias =
                OutgoingTensor.of("longformer.pooler.dense.bias", new float[WIDTH], WIDTH);
        for (String task : new String[] {"masked-lm", "question-answering"}) {
            try (SafetensorsFile file = renamed(task, name -> name, weight, bias)) {
                TensorNames names = TensorNames.of(config(task), file);
                assertThat(names.has("pooler.dense.weight")).isTrue();
                assertThat(names.unused()).isEmpty();
            }
        }
        UnaryOperator<String> without = name -> name.replace("longformer.pooler.", "old.pooler.");
        try (SafetensorsFile file = renamed("multiple-choice", without)) {
            LongformerConfig choice = config("multiple-choice");
            assertThatThrownBy(() -> TensorNames.of(choice, file, Task.MULTIPLE_CHOICE))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("lacks 2 tensors ('pooler.dense.weight'");
        }
    }

    @Test
    void fileOfTheOriginalRepositoryIsALongformerWithDoubledWindows() throws IOException {
        // RoBERTa's names with global projections, one-sided windows, a mode.
        Path original = Files.createDirectory(folder.resolve("original"));
        String json =
                Files.readString(FIXTURES.resolve("masked-lm/config.json"))
                        .replaceAll(
                                "(?s)\"attention_window\": \\[.*?\\]",
                                "\"attention_window\": [4, 8, 2], \"attention_dilation\": [1, 1, 1],"
                                        + " \"attention_mode\": \"sliding_chunks\", \"autoregressive\": false")
                        .replace("\"longformer\"", "\"roberta\"")
                        .replace("LongformerForMaskedLM", "RobertaForMaskedLM");
        Files.writeString(original.resolve("config.json"), json);
        renamed("masked-lm", name -> prefixed(name, "roberta.")).close();
        Files.copy(folder.resolve("renamed.safetensors"), original.resolve("model.safetensors"));
        try (Checkpoint found = CheckpointFiles.open(original);
                Checkpoint expected = CheckpointFiles.open(FIXTURES.resolve("masked-lm"))) {
            assertThat(found.config().modelType()).isEqualTo(ModelType.LONGFORMER);
            assertThat(found.config().attention()).isEqualTo(expected.config().attention());
            assertSameTensors(found.names(), expected.names());
        }
    }

    private void assertSame(String task, UnaryOperator<String> rename, OutgoingTensor... more) {
        try (Checkpoint expected = CheckpointFiles.open(FIXTURES.resolve(task));
                SafetensorsFile file = renamed(task, rename, more)) {
            TensorNames found = TensorNames.of(expected.config(), file);
            assertThat(found.task()).isEqualTo(expected.names().task());
            assertThat(found.unused()).isEmpty();
            assertSameTensors(found, expected.names());
        }
    }

    private static void assertSameTensors(TensorNames found, TensorNames expected) {
        assertThat(found.canonical()).isEqualTo(expected.canonical()).isNotEmpty();
        for (String name : expected.canonical()) {
            assertThat(found.get(name).data().mismatch(expected.get(name).data()))
                    .as(name)
                    .isEqualTo(-1);
        }
    }

    private SafetensorsFile renamed(
            String task, UnaryOperator<String> rename, OutgoingTensor... more) {
        return RenamedFile.open(
                FIXTURES.resolve(task).resolve("model.safetensors"),
                folder.resolve("renamed.safetensors"),
                rename,
                more);
    }

    private static OutgoingTensor positionIds(String prefix) {
        return OutgoingTensor.of(prefix + "embeddings.position_ids", new long[258], 1, 258);
    }

    private static String prefixed(String name, String prefix) {
        return name.startsWith("longformer.")
                ? prefix + name.substring("longformer.".length())
                : name;
    }

    private static LongformerConfig config(String task) {
        return LongformerConfigJson.read(FIXTURES.resolve(task).resolve("config.json"));
    }
}
