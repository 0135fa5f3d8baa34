package io.longspan.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

final class CheckpointFilesTest {
    private static final Path FIXTURE = Path.of("src/test/resources/fixtures/masked-lm");

    @TempDir private Path folder;

    @BeforeEach
    void copyConfiguration() throws IOException {
        Files.copy(FIXTURE.resolve("config.json"), folder.resolve("config.json"));
    }

    @Test
    void writtenCheckpointEqualsItsSource() {
        Path copy = folder.resolve("made/by/write");
        try (Checkpoint original = CheckpointFiles.open(FIXTURE)) {
            List<OutgoingTensor> tensors = new ArrayList<>();
            for (String name : original.tensors().names()) {
                tensors.add(OutgoingTensor.copyOf(original.tensors().get(name), name));
            }
            CheckpointFiles.write(copy, original.config(), tensors, Progress.none());
            try (Checkpoint found = CheckpointFiles.open(copy)) {
                assertThat(found.config()).isEqualTo(original.config());
                assertSameTensors(found.tensors(), original.tensors());
            }
        }
    }

    @Test
    void shardsNamedByAnIndexReadAsOne() throws IOException {
        writeShards();
        try (Checkpoint found = CheckpointFiles.open(folder);
                Checkpoint original = CheckpointFiles.open(FIXTURE)) {
            assertSameTensors(found.tensors(), original.tensors());
            assertThat(found.names().task()).isEqualTo(Task.MASKED_LM);
            assertThatThrownBy(() -> found.tensors().get("none"))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("names no tensor 'none'");
        }
    }

    @Test
    void missingShardIsNamed() throws IOException {
        writeShards();
        Files.delete(folder.resolve("model-1.safetensors"));
        assertRefused("model-1.safetensors' does not exist");
    }

    @Test
    void tensorThatItsShardDoesNotHoldIsNamed() throws IOException {
        ObjectNode index = writeShards();
        ((ObjectNode) index.get("weight_map")).put("ghost", "model-0.safetensors");
        writeIndex(index.toString());
        assertRefused("holds no tensor 'ghost'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"weight_map\":{\"w\":\"../model-0.safetensors\"}}|plain name",
                "{\"weight_map\":{\"w\":\"/etc/x.safetensors\"}}|plain name",
                "{\"weight_map\":{\"w\":\"a\\\\b.safetensors\"}}|plain name",
                "{\"weight_map\":{\"w\":\"pytorch_model.bin\"}}|plain name of a .safetensors",
                "{\"weight_map\":{\"w\":3}}|plain name",
                "{\"weight_map\":{}}|weight_map is missing or empty",
                "{\"weight_map\":[]}|weight_map is missing or empty",
                "{}|weight_map is missing or empty",
                "{\"weight_map\":|not valid JSON",
                "7|no JSON object",
            })
    void brokenIndexIsRefused(String index, String message) throws IOException {
        writeIndex(index);
        assertRefused(message);
    }

    @Test
    void whatIsMissingInAFolderIsNamed() throws IOException {
        assertRefused("has no model.safetensors, no pytorch_model.bin and no index of either");
        Files.writeString(folder.resolve("pytorch_model.bin"), "x");
        assertRefused("pytorch_model.bin': this is no PyTorch file");
        Files.delete(folder.resolve("config.json"));
        assertRefused("has no config.json");
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> CheckpointFiles.open(none))
                .isInstanceOf(ModelInputException.class)
                .hasMessage("checkpoint folder '" + none + "' does not exist; check the path");
        Path file = folder.resolve("pytorch_model.bin");
        assertThatThrownBy(() -> CheckpointFiles.open(file))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("is a file; name the folder");
    }

    @Test
    void folderTakenByAFileIsNotWritten() throws IOException {
        Path taken = Files.writeString(folder.resolve("taken"), "x");
        try (Checkpoint original = CheckpointFiles.open(FIXTURE)) {
            assertThatThrownBy(() ->
                            CheckpointFiles.write(
                                    taken, original.config(), List.of(), Progress.none()))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessageContaining("is a file; name a folder");
        }
    }

    private ObjectNode writeShards() throws IOException {
        ObjectNode index = InputJson.object("{\"weight_map\":{}}".getBytes(StandardCharsets.UTF_8));
        List<List<OutgoingTensor>> shards = List.of(new ArrayList<>(), new ArrayList<>());
        try (SafetensorsFile all = SafetensorsFile.open(FIXTURE.resolve("model.safetensors"))) {
            int turn = 0;
            for (String name : all.names()) {
                int shard = turn++ % 2;
                shards.get(shard).add(OutgoingTensor.copyOf(all.get(name), name));
                ((ObjectNode) index.get("weight_map")).put(name, "model-" + shard + ".safetensors");
            }
            for (int i = 0; i < 2; i++) {
                SafetensorsWriter.write(
                        folder.resolve("model-" + i + ".safetensors"), shards.get(i));
            }
        }
        writeIndex(index.toString());
        return index;
    }

    private void writeIndex(String json) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), json);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> CheckpointFiles.open(folder))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(message);
    }

    private static void assertSameTensors(TensorSource found, TensorSource expected) {
        assertThat(found.names()).isEqualTo(expected.names()).isNotEmpty();
        for (String name : expected.names()) {
            assertThat(found.info(name)).isEqualTo(expected.info(name));
            MemorySegment values = expected.get(name).data();
            assertThat(found.get(name).data().mismatch(values)).isEqualTo(-1);
        }
    }
}
