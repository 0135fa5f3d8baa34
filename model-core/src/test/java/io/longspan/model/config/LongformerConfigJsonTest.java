package io.longspan.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

final class LongformerConfigJsonTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    static Stream<Path> fixtures() throws IOException {
        try (Stream<Path> cases = Files.list(FIXTURES)) {
            List<Path> found = cases.sorted().map(c -> c.resolve("config.json")).toList();
            assertThat(found).hasSizeGreaterThanOrEqualTo(15);
            return found.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void everyFieldOfTransformersSurvivesReadingAndWriting(Path file) throws IOException {
        LongformerConfig config = LongformerConfigJson.read(file);
        String written = LongformerConfigJson.text(config);
        assertThat(tree(written)).isEqualTo(tree(Files.readString(file)));
        assertThat(LongformerConfigJson.parse(written)).isEqualTo(config);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny",
                "small",
                "longformer-base-4096",
                "longformer-large-4096",
                "roberta-tiny",
                "roberta-base",
                "roberta-large"
            })
    void presetSurvivesTheFile(String name, @TempDir Path folder) {
        LongformerConfig config = Presets.get(name);
        Path file = folder.resolve("config.json");
        LongformerConfigJson.write(config, file);
        assertThat(LongformerConfigJson.read(file)).isEqualTo(config);
        assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void presetsCarryTheirNamesSizes() {
        assertThat(Presets.names()).allSatisfy(name -> assertThat(Presets.get(name)).isNotNull());
        assertThatThrownBy(() -> Presets.get("huge"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'huge'")
                .hasMessageContaining("longformer-base-4096")
                .hasMessageContaining("roberta-tiny");
    }

    @Test
    void singleWindowHoldsForEveryLayer() {
        LongformerConfig config = parse(longformer().put("attention_window", 10));
        assertThat(config.attention()).hasSize(3);
        assertThat(config.pattern(2).left(3)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "vocab_size",
                "hidden_size",
                "num_hidden_layers",
                "num_attention_heads",
                "intermediate_size",
                "hidden_act",
                "hidden_dropout_prob",
                "attention_probs_dropout_prob",
                "max_position_embeddings",
                "type_vocab_size",
                "initializer_range",
                "layer_norm_eps",
                "pad_token_id",
                "bos_token_id",
                "eos_token_id",
                "attention_window",
                "model_type"
            })
    void missingFieldIsNamedTogetherWithTheFile(String key, @TempDir Path folder)
            throws IOException {
        ObjectNode json = longformer();
        json.remove(key);
        Path file = Files.writeString(folder.resolve("config.json"), json.toString());
        assertThatThrownBy(() -> LongformerConfigJson.read(file))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(key + " is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "vocab_size|\"many\"|vocab_size is \"many\"; it must be a whole number",
                "vocab_size|503.5|vocab_size is 503.5",
                "vocab_size|99999999999|vocab_size is 99999999999",
                "layer_norm_eps|\"small\"|layer_norm_eps is \"small\"; it must be a number",
                "layer_norm_eps|1e999|layer_norm_eps",
                "tie_word_embeddings|1|tie_word_embeddings is 1; it must be true or false",
                "attention_window|[8, 16]|attention_window has 2 entries; num_hidden_layers is 3",
                "attention_window|[8, 16, 5]|attention window is 5",
                "attention_window|[8, 16, 0]|attention_window is 0",
                "attention_window|-4|attention_window is -4",
                "attention_window|[8, 16, \"x\"]|attention_window is [8,16,\"x\"]",
                "attention_window|[]|attention_window has 0 entries",
                "attention_window|{}|attention_window is {}",
                "hidden_act|\"gelu_new\"|hidden_act is \"gelu_new\"; it must be gelu",
                "hidden_act|\"relu\"|hidden_act is \"relu\"",
                "num_hidden_layers|2000000000|num_hidden_layers is 2000000000",
                "num_attention_heads|2000000000|num_attention_heads is 2000000000",
                "num_attention_heads|5|hidden_size is 48",
                "model_type|\"t5\"|'t5'; this version reads longformer, roberta, xlm-roberta, bert, longspan",
                "model_type|\"bert\"|a BERT has no windows",
                "model_type|7|model_type is 7; it must be a text",
                "is_decoder|true|is_decoder is true; this version reads encoders",
                "position_embedding_type|\"relative_key\"|'relative_key'; it must be absolute",
                "causal|true|set model_type to longspan",
                "offset_bias|true|set model_type to longspan",
                "pre_layer_norm|true|set model_type to longspan",
                "attention_dilation_per_head|[[1]]|only model_type longspan has it",
                "attention_mode|\"sliding_chunks_no_overlap\"|which no backend computes",
                "attention_mode|\"fast\"|it must be longformer, tvm, sliding_chunks or n2",
                "architectures|\"LongformerModel\"|it must be a list of texts",
                "id2label|{\"0\": \"a\", \"2\": \"b\"}|id2label has no name for class 1",
                "id2label|[\"a\"]|id2label is [\"a\"]",
                "num_labels|-3|num_labels is -3",
            })
    void wrongFieldIsRefused(String key, String value, String message) {
        ObjectNode json = longformer();
        json.set(key, InputJson.mapper().readTree(value));
        assertThatThrownBy(() -> LongformerConfigJson.parse(json.toString()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "{} {}",
                "{\"a\": 1, \"a\": 2}",
                "\u0000",
                "{'a': 1}"
            })
    void textThatIsNoStrictJsonObjectIsRefused(String json) {
        assertThatThrownBy(() -> LongformerConfigJson.parse(json))
                .isInstanceOf(ModelInputException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void missingFileIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("config.json");
        assertThatThrownBy(() -> LongformerConfigJson.read(file))
                .isInstanceOf(ModelInputException.class)
                .hasMessage("'" + file + "' does not exist; check the path");
    }

    @Test
    void unknownFieldsAreKept() {
        ObjectNode json = longformer();
        json.putObject("task_specific_params").putArray("x").add(1).add("zwei");
        json.put("dtype", "float32");
        LongformerConfig config = parse(json);
        assertThat(config.extra()).containsEntry("dtype", "\"float32\"");
        assertThat(tree(LongformerConfigJson.text(config))).isEqualTo(json);
    }

    @Test
    void labelsComeFromTheirIdsOrTheirNumber() {
        ObjectNode json = longformer();
        json.putObject("id2label").put("1", "yes").put("0", "no");
        assertThat(parse(json).labels()).containsExactly("no", "yes");
        ObjectNode counted = longformer().put("num_labels", 3);
        assertThat(parse(counted).labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
        assertThat(parse(longformer()).labels()).isEmpty();
    }

    @Test
    void flippedBytesNeverEndInAnythingButARefusalOrAConfiguration() throws IOException {
        long seed = Long.getLong("longspan.test.seed", 20_261_123);
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        byte[] valid = Files.readAllBytes(FIXTURES.resolve("token-classification/config.json"));
        Path file = Files.createTempFile("config", ".json");
        int refused = 0;
        try {
            for (int round = 0; round < 1000; round++) {
                byte[] broken = Arrays.copyOf(valid, valid.length - random.nextInt(3));
                broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, broken);
                refused += refuses(file) ? 1 : 0;
            }
        } finally {
            Files.delete(file);
        }
        assertThat(refused).isBetween(300, 999);
    }

    private static boolean refuses(Path file) {
        try {
            LongformerConfig config = LongformerConfigJson.read(file);
            String text = LongformerConfigJson.text(config);
            assertThat(LongformerConfigJson.parse(text)).isEqualTo(config);
            return false;
        } catch (ModelInputException e) {
            assertThat(e).hasMessageContaining(file.toString());
            return true;
        }
    }

    static ObjectNode longformer() {
        try {
            return tree(Files.readString(FIXTURES.resolve("masked-lm/config.json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LongformerConfig parse(ObjectNode json) {
        return LongformerConfigJson.parse(json.toString());
    }

    static ObjectNode tree(String json) {
        return InputJson.object(json.getBytes(StandardCharsets.UTF_8));
    }
}
