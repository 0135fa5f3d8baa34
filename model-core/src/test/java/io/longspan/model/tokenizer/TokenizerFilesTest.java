package io.longspan.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** With a vocabulary of eight tokens: five special ones, two letters and their merge. */
final class TokenizerFilesTest {
    private static final String VOCABULARY =
            "{\"<s>\":0,\"<pad>\":1,\"</s>\":2,\"<unk>\":3,\"a\":4,\"b\":5,\"ab\":6,\"Ġ\":7,"
                    + "\"<mask>\":8}";
    private static final String MERGES = "#version: 0.2\na b\n\n";

    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "roberta-"})
    void vocabularyAndMergesMakeATokenizer(String prefix) throws IOException {
        Files.writeString(folder.resolve(prefix + "vocab.json"), VOCABULARY);
        Files.writeString(folder.resolve(prefix + "merges.txt"), MERGES);
        assertThat(ids("aba")).containsExactly(0, 6, 4, 2);
    }

    @Test
    void wholeDescriptionComesFirst() throws IOException {
        parts(VOCABULARY.replace(":4", ":14"), MERGES);
        Files.writeString(folder.resolve("tokenizer.json"), whole().toString());
        assertThat(ids("a")).containsExactly(0, 4, 2);
    }

    @Test
    void truncationAndPaddingOfAFileAreSwitchedOff() throws IOException {
        ObjectNode json = whole();
        json.putObject("truncation")
                .put("direction", "Right")
                .put("max_length", 3)
                .put("strategy", "LongestFirst")
                .put("stride", 0);
        json.putObject("padding")
                .put("direction", "Right")
                .putNull("pad_to_multiple_of")
                .put("pad_id", 1)
                .put("pad_type_id", 0)
                .put("pad_token", "<pad>")
                .putObject("strategy")
                .put("Fixed", 20);
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        assertThat(ids("abababab")).containsExactly(0, 6, 6, 6, 6, 2);
    }

    @Test
    void mergesMayEndLinesTheWindowsWay() throws IOException {
        parts(VOCABULARY, "#version: 0.2\r\na b\r\n");
        assertThat(ids("ab")).containsExactly(0, 6, 2);
    }

    @Test
    void spaceBeforeTheFirstWordIsTakenFromTheSettings() throws IOException {
        parts(VOCABULARY, MERGES);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"add_prefix_space\":true}");
        assertThat(ids("ab")).containsExactly(0, 7, 6, 2);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"model_max_length\":3}");
        assertThat(ids("abab")).containsExactly(0, 6, 6, 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{|not valid JSON",
                "[]|no JSON object",
                "{}|vocabulary of 0 tokens has no <s>",
                "{\"<s>\":0,\"<pad>\":0}|share id 0",
                "{\"<s>\":\"0\"}|the id of token '<s>' is \"0\"",
                "{\"<s>\":-1}|the id of token '<s>' is -1",
                "{\"<s>\":1.5}|the id of token '<s>' is 1.5",
                "{\"<s>\":99999999}|the id of token '<s>' is 99999999",
                "{\"<s>\":0,\"<pad>\":1,\"</s>\":2,\"<unk>\":3}|has no <mask>",
            })
    void brokenVocabularyIsRefused(String vocabulary, String message) throws IOException {
        parts(vocabulary, MERGES);
        assertRefused("vocab.json", message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ab|line 1 of the merges is 'ab'",
                "a b a|line 1 of the merges is 'a b a'",
                "a  b|line 1 of the merges is 'a  b'",
                "a c|out of vocabulary",
                "b a|out of vocabulary",
            })
    void brokenMergesAreRefused(String merges, String message) throws IOException {
        parts(VOCABULARY, merges);
        assertRefused("vocab.json", message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "null", "[]", "{}", "{\"model\":{\"vocab\":[]}}", "\u0000"})
    void fileThatIsNoTokenizerIsRefused(String json) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json);
        assertRefused("tokenizer.json", "");
    }

    @Test
    void tokenizerThatDoesNotFrameTextsIsRefused() throws IOException {
        ObjectNode json = whole();
        json.putNull("post_processor");
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        assertRefused("tokenizer.json", "an empty text becomes the ids []");
    }

    @Test
    void folderWithoutATokenizerIsNamed() throws IOException {
        assertRefused("", "has neither tokenizer.json nor vocab.json with merges.txt");
        Files.writeString(folder.resolve("vocab.json"), VOCABULARY);
        assertRefused("", "has neither tokenizer.json nor vocab.json with merges.txt");
        Path file = folder.resolve("vocab.json");
        assertThatThrownBy(() -> RobertaTokenizer.open(file))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("is not a folder");
    }

    private void parts(String vocabulary, String merges) throws IOException {
        Files.writeString(folder.resolve("vocab.json"), vocabulary);
        Files.writeString(folder.resolve("merges.txt"), merges);
    }

    private static ObjectNode whole() {
        ObjectNode vocabulary = InputJson.object(VOCABULARY.getBytes(StandardCharsets.UTF_8));
        return TokenizerJson.of(
                vocabulary, List.of("a b"), new SpecialTokens(0, 1, 2, 3, 8), false);
    }

    private int[] ids(String text) {
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(folder)) {
            return tokenizer.encode(text).ids();
        }
    }

    private void assertRefused(String file, String message) {
        assertThatThrownBy(() -> RobertaTokenizer.open(folder))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining(folder.resolve(file).toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
