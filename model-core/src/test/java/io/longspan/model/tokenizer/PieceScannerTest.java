package io.longspan.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pattern by hand against the pattern itself, and pieces remembered against pieces merged. */
final class PieceScannerTest {
    private static final Path DEMO = Path.of("..", "demo");

    /** As GPT-2's authors published it. */
    private static final Pattern PUBLISHED =
            Pattern.compile(
                    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private static final String[] DIFFICULT = {
        "'s",
        "'S",
        "'ll",
        "'l",
        "'re",
        "'r",
        "'ve",
        "'",
        "''",
        " '",
        " 'd",
        "t",
        "m",
        " ",
        "  ",
        "   ",
        "\n",
        "\r\n",
        "\t",
        "\u000B",
        "\u001C",
        "\u001F",
        "\u0085",
        "\u00A0",
        "\u1680",
        "\u180E",
        "\u2007",
        "\u200B",
        "\u2028",
        "\u2029",
        "\u202F",
        "\u205F",
        "\u3000",
        "\uFEFF",
        "a",
        "\u00DF",
        "\u0130",
        "\u01C5",
        "\u02B0",
        "\u0301",
        "\u0903",
        "\u20DD",
        "7",
        "\u0663",
        "\u00BD",
        "\u2167",
        "\u3007",
        "_",
        "-",
        "\u203F",
        "\u00AD",
        "\u200D",
        "\uFFFD",
        "\uFFFE",
        "\uD835\uDC00",
        "\uD835\uDFCE",
        "\uD83D\uDE80",
        "\uD840\uDC00",
        "\uDB40\uDD00",
        "\uDBFF\uDFFF",
        "\uD801\uDC00",
        "\uD802\uDD16",
        "\uD834\uDD65"
    };

    private static final PieceScanner SCANNER = new PieceScanner();

    private static PieceEncoder merging;
    private static PieceEncoder ranked;
    private static PieceEncoder fast;

    @BeforeAll
    static void open() {
        var json = TokenizerFiles.read(DEMO.resolve("tokenizer")).json();
        MergeTable table = MergeTable.of(json, Vocabulary.ofTokenizer(json));
        merging = PieceEncoder.merging(new PairMerger(table));
        ranked = PieceEncoder.ranked(table);
        fast = PieceEncoder.of(table);
    }

    private static List<String> published(String text) {
        List<String> pieces = new ArrayList<>();
        for (Matcher matcher = PUBLISHED.matcher(text); matcher.find(); ) {
            pieces.add(matcher.group());
        }
        return pieces;
    }

    private static List<String> byHand(String text) {
        char[] units = text.toCharArray();
        List<String> pieces = new ArrayList<>();
        for (int at = 0; at < units.length; ) {
            int end = SCANNER.end(units, at, units.length);
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    /** Assigned or not; surrogates never stand alone here. */
    private static String anyCharacters(Random random, int count) {
        StringBuilder text = new StringBuilder();
        while (count-- > 0) {
            if (random.nextInt(3) > 0) {
                text.append(DIFFICULT[random.nextInt(DIFFICULT.length)]);
                continue;
            }
            int found = random.nextInt(random.nextBoolean() ? 0x3000 : Character.MAX_CODE_POINT);
            text.appendCodePoint(Character.getType(found) == Character.SURROGATE ? 'x' : found);
        }
        return text.toString();
    }

    private static long seed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed);
        return seed;
    }

    @Test
    void eachCharacterOfUnicodeIsOfThePatternsKind() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            if (Character.getType(point) != Character.SURROGATE) {
                // It joins a letter, a number, another sign or a space, or stands alone.
                String text =
                        "a"
                                + Character.toString(point)
                                + "1"
                                + Character.toString(point)
                                + "! "
                                + Character.toString(point)
                                + " \n";
                if (!byHand(text).equals(published(text))) {
                    assertThat(byHand(text)).as("U+%04X", point).isEqualTo(published(text));
                }
            }
        }
    }

    @Test
    void pairsOfWhatIsDifficultAreCutLikeThePattern() {
        for (String first : DIFFICULT) {
            for (String second : DIFFICULT) {
                for (String text :
                        List.of(
                                first + second,
                                "b" + first + second + "b",
                                first + second + first)) {
                    assertThat(byHand(text)).isEqualTo(published(text));
                }
            }
        }
    }

    @Test
    void randomUnicodeIsCutLikeThePattern() {
        long seed = seed();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            String text = anyCharacters(random, 1 + random.nextInt(40));
            assertThat(byHand(text))
                    .as("seed %d, text %d: %s", seed, i, text.codePoints().boxed().toList())
                    .isEqualTo(published(text));
        }
    }

    @Test
    void rememberedPiecesGiveTheSymbolsOfBothOthers() {
        long seed = seed();
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            String text = WellFormed.of(anyCharacters(random, 1 + random.nextInt(200)));
            int[] wanted = merging.symbols(text);
            assertThat(ranked.symbols(text)).as("seed %d, text %d", seed, i).isEqualTo(wanted);
            assertThat(fast.symbols(text)).as("seed %d, text %d", seed, i).isEqualTo(wanted);
        }
    }

    /** A text is looked at in windows; what is cut must not depend on where they end. */
    @ParameterizedTest
    @ValueSource(ints = {32_766, 32_767, 32_768, 32_769, 65_536, 100_000})
    void windowsDoNotCutPieces(int length) {
        long seed = seed();
        Random random = new Random(seed);
        for (String unit : List.of("'ll", "\uD835\uDC00", "\r\n ", " ", " don't", "\uD83D\uDE80")) {
            String text = unit.repeat(length / unit.length() + 1);
            int shift = random.nextInt(unit.length() + 3);
            text = WellFormed.of("x".repeat(shift) + text.substring(0, length) + "'re  end");
            assertThat(fast.symbols(text))
                    .as("seed %d, '%s' %d", seed, unit, shift)
                    .isEqualTo(ranked.symbols(text));
        }
        String text = WellFormed.of(anyCharacters(random, length));
        assertThat(fast.symbols(text)).as("seed %d", seed).isEqualTo(ranked.symbols(text));
    }

    @Test
    void whatIsForgottenIsMergedAgain() {
        long seed = seed();
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 150_000; i++) {
            text.append(' ')
                    .append(RandomTexts.ofLetters(random, "aeinrst", 1 + random.nextInt(7)));
        }
        int[] wanted = ranked.symbols(text.toString());
        assertThat(fast.symbols(text.toString())).as("seed %d", seed).isEqualTo(wanted);
        assertThat(IntStream.range(0, 4).parallel().mapToObj(_ -> fast.symbols(text.toString())))
                .allSatisfy(found -> assertThat(found).isEqualTo(wanted));
    }

    /** In {@link String#hashCode} these are one; the memory must not take them for one. */
    @Test
    void wordsWithOneHashAreTwoWords() {
        String text = " Aa BB AaAa BBBB AaBB BBAa".repeat(3);
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        assertThat(fast.symbols(text)).isEqualTo(merging.symbols(text));
    }
}
