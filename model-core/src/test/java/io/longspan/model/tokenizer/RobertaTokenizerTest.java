package io.longspan.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Against encodings that Hugging Face's tokenizers 0.23.2 gave in Python. */
final class RobertaTokenizerTest {
    private static final Path GOLDEN = Path.of("src/test/resources/tokenizer");
    private static final Path DEMO = Path.of("../demo");

    private static RobertaTokenizer tokenizer;

    @BeforeAll
    static void open() {
        tokenizer = RobertaTokenizer.open(DEMO.resolve("tokenizer"));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    static Stream<JsonNode> golden() throws IOException {
        List<JsonNode> all =
                Files.readAllLines(GOLDEN.resolve("golden_roberta_encodings.jsonl")).stream()
                        .map(InputJson.mapper()::readTree)
                        .toList();
        assertThat(all).hasSize(32);
        return all.stream();
    }

    static Stream<JsonNode> goldenSingles() throws IOException {
        return golden().filter(line -> !line.has("pair"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void idsTokensAndOffsetsAreTheReferences(JsonNode line) {
        String text = line.get("text").stringValue();
        Encoding found =
                line.has("pair")
                        ? tokenizer.encodePair(text, line.get("pair").stringValue())
                        : tokenizer.encode(text);
        assertThat(found.ids()).isEqualTo(ints(line.get("ids")));
        List<String> tokens = new ArrayList<>();
        List<List<Integer>> offsets = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            tokens.add(found.token(i));
            offsets.add(List.of(found.start(i), found.end(i)));
            assertThat(found.id(i)).isEqualTo(found.ids()[i]);
        }
        assertThat(tokens)
                .isEqualTo(line.get("tokens").valueStream().map(JsonNode::stringValue).toList());
        assertThat(offsets)
                .isEqualTo(
                        line.get("offsets")
                                .valueStream()
                                .map(o -> List.of(o.get(0).intValue(), o.get(1).intValue()))
                                .toList());
    }

    @ParameterizedTest
    @MethodSource("goldenSingles")
    void withoutSpecialTokensOnlyTheTextIsEncoded(JsonNode line) {
        Encoding found = tokenizer.encode(line.get("text").stringValue(), false);
        assertThat(found.ids()).isEqualTo(ints(line.get("ids_no_special")));
        assertThat(IntStream.range(0, found.size())).noneMatch(found::isSpecial);
    }

    @ParameterizedTest
    @MethodSource("goldenSingles")
    void decodingSkipsSpecialTokens(JsonNode line) {
        assertThat(tokenizer.decode(ints(line.get("ids")), true))
                .isEqualTo(line.get("decoded").stringValue());
    }

    @Test
    void decodingCanKeepSpecialTokens() {
        assertThat(tokenizer.decode(new int[] {0, 31414, 232, 2, 1}, false))
                .isEqualTo("<s>Hello world</s><pad>");
        assertThat(tokenizer.decode(new int[0], false)).isEmpty();
    }

    @Test
    void batchEqualsOneByOne() throws IOException {
        List<String> texts = goldenSingles().map(line -> line.get("text").stringValue()).toList();
        for (boolean special : new boolean[] {true, false}) {
            assertThat(tokenizer.encodeAll(texts, special))
                    .isEqualTo(texts.stream().map(t -> tokenizer.encode(t, special)).toList());
        }
        assertThat(tokenizer.encodeAll(List.of(), true)).isEmpty();
    }

    @Test
    void tokensOfAPairKnowTheirText() {
        Encoding pair = tokenizer.encodePair("One 😀", "two");
        assertThat(IntStream.range(0, pair.size()).map(pair::sequence).toArray())
                .isEqualTo(new int[] {-1, 0, 0, 0, -1, -1, 1, -1});
        assertThat(pair.isSpecial(0)).isTrue();
        assertThat(pair.isSpecial(1)).isFalse();
        assertThat(pair.end(3)).isEqualTo(5);
    }

    @Test
    void specialTokensHaveRobertasIds() {
        assertThat(tokenizer.special()).isEqualTo(new SpecialTokens(0, 1, 2, 3, 50264));
        assertThat(tokenizer.vocabularySize()).isEqualTo(50265);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"books/pg1952_yellow_wallpaper.txt", "books/pg11_alice_in_wonderland.txt"})
    void booksHaveTheReferencesIds(String book) throws IOException {
        JsonNode golden =
                InputJson.object(
                        Files.readAllBytes(GOLDEN.resolve("golden_book_token_counts.json")));
        JsonNode expected =
                golden.get("files")
                        .valueStream()
                        .filter(entry -> entry.get("file").stringValue().equals(book))
                        .findFirst()
                        .orElseThrow();
        String raw = Files.readString(DEMO.resolve(book));
        assertBook(raw, expected.get("raw_utf8"));
        String normal = raw.startsWith("\uFEFF") ? raw.substring(1) : raw;
        assertBook(normal.replace("\r\n", "\n"), expected.get("bom_stripped_crlf_to_lf"));
    }

    private static void assertBook(String text, JsonNode expected) {
        int[] ids = tokenizer.encode(text, false).ids();
        assertThat(ids).hasSize(expected.get("tokens").intValue());
        assertThat(Arrays.copyOf(ids, 16)).isEqualTo(ints(expected.get("first16")));
        assertThat(sha256OfShorts(ids)).isEqualTo(expected.get("sha256_le_u16").stringValue());
        assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a\\uD800b 😀|a\uFFFDb 😀",
                "\\uDC00|\uFFFD",
                "😀\\uD83D|😀\uFFFD",
                "\\uDE00\\uD83D|\uFFFD\uFFFD",
            })
    void loneSurrogateCountsAsTheReplacementCharacter(String escaped, String same) {
        String text = unescape(escaped);
        assertThat(tokenizer.encode(text)).isEqualTo(tokenizer.encode(same));
        assertThat(tokenizer.encodeAll(List.of(text), true))
                .containsExactly(tokenizer.encode(same));
        assertThat(tokenizer.encodePair(text, text)).isEqualTo(tokenizer.encodePair(same, same));
        assertThat(tokenizer.decode(tokenizer.encode(text).ids(), true)).isEqualTo(same);
    }

    @Test
    void hostileTextsOfHundredsOfThousandsOfCharactersAreEncoded() {
        for (String unit : List.of("a", " ", "\n", "語", "😀", "zq", "<mask>")) {
            String text = unit.repeat(200_000 / unit.length());
            int[] ids = tokenizer.encode(text, false).ids();
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
        }
    }

    @Test
    void textBeyondTheLimitIsRefused() {
        String text = "a".repeat(RobertaTokenizer.LONGEST_TEXT + 1);
        assertThatThrownBy(() -> tokenizer.encode(text))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("a text has 33554433 characters")
                .hasMessageContaining("split it");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 50265, Integer.MAX_VALUE})
    void idOutsideTheVocabularyIsNotDecoded(int id) {
        assertThatThrownBy(() -> tokenizer.decode(new int[] {0, id}, true))
                .isInstanceOf(ModelInputException.class)
                .hasMessage("token id is " + id + "; it must be from 0 to 50264");
    }

    @Test
    void offsetsBecomePositionsOfTheJavaString() {
        String text = "😀 naïve 👩‍👩 end";
        CodePointIndex index = CodePointIndex.of(text);
        Encoding found = tokenizer.encode(text, false);
        int last = found.size() - 1;
        assertThat(
                        text.substring(
                                index.position(found.start(last)), index.position(found.end(last))))
                .isEqualTo("end");
        assertThat(index.position(0)).isZero();
        assertThat(index.position(1)).isEqualTo(2);
        CodePointIndex plain = CodePointIndex.of("abc");
        assertThat(plain.position(3)).isEqualTo(3);
        assertThatThrownBy(() -> plain.position(4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> index.position(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void closedTokenizerRefusesAndClosesTwice() {
        RobertaTokenizer own = RobertaTokenizer.open(DEMO.resolve("tokenizer"));
        own.close();
        own.close();
        assertThatThrownBy(() -> own.encode("x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the tokenizer is closed");
    }

    /** Lone surrogates would not survive the class file. */
    private static String unescape(String text) {
        return Pattern.compile("\\\\u([0-9A-F]{4})")
                .matcher(text)
                .replaceAll(m -> Character.toString(Integer.parseInt(m.group(1), 16)));
    }

    private static String sha256OfShorts(int[] ids) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int id : ids) {
            bytes.putShort((short) id);
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(bytes.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int[] ints(JsonNode list) {
        return list.valueStream().mapToInt(JsonNode::intValue).toArray();
    }
}
