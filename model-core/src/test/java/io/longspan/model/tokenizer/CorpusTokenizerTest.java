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
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Against the ids of Hugging Face's tokenizers: recorded ones, and its native library's. */
final class CorpusTokenizerTest {
    private static final Path GOLDEN = Path.of("src/test/resources/tokenizer");
    private static final Path DEMO = Path.of("../demo");
    private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>");

    private static CorpusTokenizer tokenizer;
    private static RobertaTokenizer reference;

    @TempDir private Path folder;

    @BeforeAll
    static void open() {
        tokenizer = CorpusTokenizer.open(DEMO.resolve("tokenizer"));
        reference = RobertaTokenizer.open(DEMO.resolve("tokenizer"));
    }

    @AfterAll
    static void close() {
        reference.close();
    }

    static Stream<JsonNode> plainGolden() throws IOException {
        List<JsonNode> plain =
                Files.readAllLines(GOLDEN.resolve("golden_roberta_encodings.jsonl")).stream()
                        .map(InputJson.mapper()::readTree)
                        .filter(line -> !line.has("pair"))
                        .filter(line ->
                                SPECIAL.stream().noneMatch(line.get("text").asString()::contains))
                        .toList();
        assertThat(plain).hasSize(29);
        return plain.stream();
    }

    @ParameterizedTest
    @MethodSource("plainGolden")
    void idsAreTheReferences(JsonNode line) {
        int[] wanted =
                line.get("ids_no_special").valueStream().mapToInt(JsonNode::intValue).toArray();
        assertThat(tokenizer.encode(line.get("text").asString())).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource({
        "pg1952_yellow_wallpaper, 13070,"
                + " 625bd2ce8d6e087eb204c60ac4073487aba5ab40a0b11b15f97f43e3eae8e6c2,"
                + " 13070, 625bd2ce8d6e087eb204c60ac4073487aba5ab40a0b11b15f97f43e3eae8e6c2",
        "pg11_alice_in_wonderland, 52813,"
                + " 2b035627298a0ead6f51ec4d0104a3ea9a789bc5a779cbe9ce08065a30ca48ea, 48977, 31e11190ebf88affd0686f63caf2077571db9265e71c585eb25557609f529a7a"
    })
    void booksAreEncodedAsInTheReference(
            String book, int raw, String rawDigest, int normal, String normalDigest)
            throws Exception {
        String text = Files.readString(DEMO.resolve("books").resolve(book + ".txt"));
        int[] ids = tokenizer.encode(text);
        assertThat(ids).hasSize(raw);
        assertThat(digest(ids)).isEqualTo(rawDigest);
        String cleaned =
                (text.startsWith("\uFEFF") ? text.substring(1) : text).replace("\r\n", "\n");
        ids = tokenizer.encode(cleaned);
        assertThat(ids).hasSize(normal);
        assertThat(digest(ids)).isEqualTo(normalDigest);
    }

    @Test
    void specialTokensInATextAreOrdinaryText() {
        for (String special : SPECIAL) {
            int[] ids = tokenizer.encode("a " + special + " b");
            assertThat(Arrays.stream(ids).filter(id -> id < 4 || id == 50264)).isEmpty();
            assertThat(reference.decode(ids, false)).isEqualTo("a " + special + " b");
        }
        assertThat(tokenizer.encode("<|endoftext|>")).hasSizeGreaterThan(1);
    }

    @Test
    void randomTextGetsTheIdsOfTheNativeLibrary() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            String text = RandomTexts.text(random, 1 + random.nextInt(400));
            assertThat(tokenizer.encode(text))
                    .as("seed %d, text %d: %s", seed, i, text.codePoints().boxed().toList())
                    .isEqualTo(reference.encode(text, false).ids());
        }
    }

    static Stream<String> hostile() {
        return Stream.of(
                "",
                " ",
                "a".repeat(100_000),
                " ".repeat(100_000),
                "\n".repeat(50_000) + "x",
                "\r\n \t".repeat(20_000),
                "\u6f22".repeat(50_000),
                "\uD83D\uDE00".repeat(20_000),
                "'s".repeat(30_000),
                "\u0000\u0001\uFFFE\uFFFF",
                "lone \uD800 and \uDC00 here",
                "\uFEFFfirst",
                "a\u00A0\u2028\u0085\u3000b");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileTextGetsTheIdsOfTheNativeLibrary(String text) {
        assertThat(tokenizer.encode(text)).isEqualTo(reference.encode(text, false).ids());
    }

    @Test
    void mergeByMergeGivesTheSameIds() {
        ObjectNode json = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        MergeTable table = MergeTable.of(json, Vocabulary.ofTokenizer(json));
        assertThat(table.ordered()).isTrue();
        PieceEncoder slow = PieceEncoder.merging(new PairMerger(table));
        PieceEncoder fast = PieceEncoder.ranked(table);
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            String text = WellFormed.of(RandomTexts.text(random, 200));
            assertThat(slow.symbols(text)).as("seed %d", seed).isEqualTo(fast.symbols(text));
        }
    }

    /** Tokens with two merges, merges before their parts: where looking at bytes alone fails. */
    @Test
    void mergesThatTrainingWouldNotGiveAreFollowedToTheLetter() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int differing = 0;
        ObjectNode plain = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        for (int i = 0; i < 8; i++) {
            ObjectNode json = oddTokenizer(plain, random);
            Files.writeString(folder.resolve("tokenizer.json"), json.toString());
            CorpusTokenizer odd = CorpusTokenizer.open(folder);
            try (RobertaTokenizer native_ = RobertaTokenizer.open(folder)) {
                MergeTable table = MergeTable.of(json, Vocabulary.ofTokenizer(json));
                PieceEncoder ranked = PieceEncoder.ranked(table);
                for (int j = 0; j < 50; j++) {
                    String text = RandomTexts.ofLetters(random, "abcd", 1 + random.nextInt(30));
                    int[] wanted = native_.encode(text, false).ids();
                    assertThat(odd.encode(text)).as("seed %d, %s", seed, text).isEqualTo(wanted);
                    int[] symbols = ranked.symbols(text);
                    differing += Arrays.equals(map(symbols, table.ids()), wanted) ? 0 : 1;
                }
            }
        }
        assertThat(differing).as("texts that the fast way gets wrong").isPositive();
    }

    private static int[] map(int[] symbols, int[] ids) {
        return Arrays.stream(symbols).map(symbol -> ids[symbol]).toArray();
    }

    @Test
    void bothLayoutsOfTheFilesAreOneTokenizer() throws IOException {
        ObjectNode json = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        CorpusTokenizer whole = CorpusTokenizer.open(folder);
        assertThat(whole.digest()).isEqualTo(tokenizer.digest()).hasSize(64);
        assertThat(whole.encode("Hello  world")).isEqualTo(tokenizer.encode("Hello  world"));
        assertThat(whole.vocabularySize()).isEqualTo(50265);
        assertThat(whole.separator()).isEqualTo(2);
    }

    @Test
    void mergesWrittenAsOneTextAreRead() throws IOException {
        ObjectNode json = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        ArrayNode merges = (ArrayNode) json.path("model").path("merges");
        ArrayNode joined = json.arrayNode();
        merges.values().forEach(m -> joined.add(m.get(0).asString() + " " + m.get(1).asString()));
        ((ObjectNode) json.path("model")).set("merges", joined);
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        assertThat(CorpusTokenizer.open(folder).digest()).isEqualTo(tokenizer.digest());
    }

    @Test
    void aSpaceInFrontIsPartOfTheTokenizer() throws IOException {
        ObjectNode json = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        ((ObjectNode) json.path("pre_tokenizer")).put("add_prefix_space", true);
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        CorpusTokenizer spaced = CorpusTokenizer.open(folder);
        assertThat(spaced.digest()).isNotEqualTo(tokenizer.digest());
        try (RobertaTokenizer native_ = RobertaTokenizer.open(folder)) {
            for (String text : List.of("", "a", " a", "\na", "\u00A0a", "two words")) {
                assertThat(spaced.encode(text)).isEqualTo(native_.encode(text, false).ids());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pre_tokenizer, type, Whitespace, 'pre_tokenizer.type is ''\"Whitespace\"'''",
        "model, type, Unigram, model.type",
        "model, end_of_word_suffix, </w>, model.end_of_word_suffix",
    })
    void aTokenizerOfAnotherKindIsRefused(String object, String key, String value, String message)
            throws IOException {
        ObjectNode json = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        ((ObjectNode) json.path(object)).put(key, value);
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        assertThatThrownBy(() -> CorpusTokenizer.open(folder))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("tokenizer.json")
                .hasMessageContaining(message);
    }

    @Test
    void aVocabularyWithoutAByteIsRefused() throws IOException {
        ObjectNode json = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        ((ObjectNode) json.path("model").path("vocab")).remove("!");
        Files.writeString(folder.resolve("tokenizer.json"), json.toString());
        assertThatThrownBy(() -> CorpusTokenizer.open(folder))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("none that is '!'");
    }

    @Test
    void encodesFromManyThreads() {
        String text = RandomTexts.text(new Random(5), 2000);
        int[] wanted = tokenizer.encode(text);
        assertThat(IntStream.range(0, 40).parallel().mapToObj(i -> tokenizer.encode(text)))
                .allSatisfy(found -> assertThat(found).isEqualTo(wanted));
    }

    /** Bytes, tokens of two to four letters out of four, and random pairs of them as merges. */
    private static ObjectNode oddTokenizer(ObjectNode json, Random random) {
        ObjectNode vocabulary = json.objectNode();
        for (String special : SPECIAL) {
            vocabulary.put(special, reference.special().bos() + vocabulary.size());
        }
        ByteAlphabet alphabet = new ByteAlphabet();
        for (int b = 0; b < 256; b++) {
            vocabulary.put(alphabet.token(b), vocabulary.size());
        }
        ArrayNode merges = json.arrayNode();
        for (int i = 0; i < 60; i++) {
            String left = RandomTexts.ofLetters(random, "abcd", 1 + random.nextInt(2));
            String right = RandomTexts.ofLetters(random, "abcd", 1 + random.nextInt(2));
            for (String token : List.of(left, right, left + right)) {
                if (!vocabulary.has(token)) {
                    vocabulary.put(token, vocabulary.size());
                }
            }
            merges.add(left + " " + right);
        }
        ((ObjectNode) json.path("model")).set("vocab", vocabulary);
        ((ObjectNode) json.path("model")).set("merges", merges);
        for (JsonNode added : json.path("added_tokens").values()) {
            ((ObjectNode) added).set("id", vocabulary.get(added.get("content").asString()));
        }
        ObjectNode frame = (ObjectNode) json.path("post_processor");
        frame.putArray("sep").add("</s>").add(vocabulary.get("</s>").intValue());
        frame.putArray("cls").add("<s>").add(vocabulary.get("<s>").intValue());
        return json;
    }

    private static String digest(int[] ids) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(2 * ids.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(ids).forEach(id -> bytes.putShort((short) id));
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
}
