package io.longspan.ingest.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.ingest.source.SourceRecord.Document;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each rule with a text that just passes and one that just fails. */
final class RulesTest {
    private static Document document(String key, String text, String split) {
        return new Document(key, "p", key, text, "", "", "", split);
    }

    private static Pipeline pipeline(IngestRules rules) {
        return new Pipeline(new Normalizer(Boilerplate.NONE, true, rules.nfc()), rules, 1 << 20);
    }

    private static String fate(RuleKey key, String value, String text) {
        return fate(IngestRules.STANDARD.with(key, value), document("k", text, ""));
    }

    private static String fate(IngestRules rules, Document document) {
        return switch (pipeline(rules).judge(document)) {
            case Verdict.Keep _ -> "kept";
            case Verdict.Drop(DropReason reason) -> reason.label();
        };
    }

    private static String gopher(String text) {
        return fate(RuleKey.QUALITY, "gopher", text);
    }

    /** Words that are all different, with the common ones that a rule asks for. */
    private static String words(int count) {
        return "the of " + distinct(0, count - 2);
    }

    private static String distinct(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> "w" + Integer.toString(i + 36 * 36, 36))
                .collect(Collectors.joining(" "));
    }

    @Test
    void numbersOfWords() {
        assertThat(gopher(words(50))).isEqualTo("kept");
        assertThat(gopher(words(49))).isEqualTo("gopher-word-count");
        assertThat(gopher(words(100_000))).isEqualTo("kept");
        assertThat(gopher(words(100_001))).isEqualTo("gopher-word-count");
        assertThat(fate(RuleKey.QUALITY, "gopher-books", words(100_001))).isEqualTo("kept");
        assertThat(fate(RuleKey.QUALITY, "gopher-books", words(49))).isEqualTo("gopher-word-count");
    }

    @Test
    void lengthsOfWords() {
        // 100 words: "the", "of" and 98 others; together 300 and 299 letters, 1,000 and 1,001.
        String three = "the of " + "abc ".repeat(97);
        assertThat(gopher(three + "abcd")).isEqualTo("kept");
        assertThat(gopher(three + "abc")).isEqualTo("gopher-word-length");
        String ten = "the of " + "abcdefghij ".repeat(97);
        assertThat(gopher(ten + "a".repeat(25))).isEqualTo("kept");
        assertThat(gopher(ten + "a".repeat(26))).isEqualTo("gopher-word-length");
    }

    @Test
    void symbols() {
        assertThat(gopher(words(100) + "#".repeat(10))).isEqualTo("kept");
        assertThat(gopher(words(100) + "#".repeat(11))).isEqualTo("gopher-symbols");
        assertThat(gopher(words(100) + "...".repeat(10) + "x")).isEqualTo("kept");
        assertThat(gopher(words(100) + "\u2026".repeat(11) + "x")).isEqualTo("gopher-symbols");
    }

    private static String lines(int marked, int all, String before, String after) {
        return IntStream.range(0, all)
                .mapToObj(i ->
                        (i < marked ? before : "")
                                + "the song of "
                                + distinct(10 * i, 9)
                                + (i < marked ? after : ""))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void bulletsAndEllipses() {
        assertThat(gopher(lines(9, 10, "- ", ""))).isEqualTo("kept");
        assertThat(gopher(lines(10, 10, "\u2022 ", ""))).isEqualTo("gopher-bullets");
        assertThat(gopher(lines(3, 10, "", "..."))).isEqualTo("kept");
        assertThat(gopher(lines(4, 10, "", "\u2026"))).isEqualTo("gopher-ellipses");
    }

    @Test
    void wordsWithoutALetter() {
        assertThat(gopher(words(80) + " 12345".repeat(20))).isEqualTo("kept");
        assertThat(gopher(words(79) + " 12345".repeat(21))).isEqualTo("gopher-alphabetic");
    }

    @Test
    void commonWords() {
        assertThat(gopher("The AND " + distinct(0, 60))).isEqualTo("kept");
        assertThat(gopher("The the " + distinct(0, 60))).isEqualTo("gopher-stop-words");
    }

    private static String repetition(String text) {
        return fate(RuleKey.QUALITY, "repetition", text);
    }

    @Test
    void linesThatOccurAgain() {
        // Of ten lines three and four are repeats; short, so that their characters do not count.
        String long7 =
                IntStream.range(0, 6)
                        .mapToObj(i -> distinct(100 * i, 20))
                        .collect(Collectors.joining("\n"));
        assertThat(repetition(long7 + "\na\na\na\na")).isEqualTo("kept");
        assertThat(repetition(long7 + "\na\na\na\na\na")).isEqualTo("repeated-lines");
        // Of a hundred characters twenty and twenty-one are in repeats.
        assertThat(
                        RepetitionRules.judge(
                                "a".repeat(20)
                                        + "\n"
                                        + "a".repeat(20)
                                        + "\n"
                                        + "b".repeat(30)
                                        + "\n"
                                        + "c".repeat(30),
                                List.of()))
                .isEmpty();
        assertThat(
                        RepetitionRules.judge(
                                "a".repeat(21)
                                        + "\n"
                                        + "a".repeat(21)
                                        + "\n"
                                        + "b".repeat(30)
                                        + "\n"
                                        + "c".repeat(28),
                                List.of()))
                .contains(DropReason.REPEATED_LINES);
    }

    @Test
    void wordsThatOccurAgain() {
        // Twice "xxxxx yyyy", ten characters each, in a hundred and in ninety-nine.
        assertThat(top(100)).isEmpty();
        assertThat(top(99)).contains(DropReason.REPEATED_WORDS);
        // Two sequences of five words, nine characters each, again: 18 of 120 and of 119.
        List<String> five = List.of("a b c d e 1 f g h i j 2 a b c d e 3 f g h i j".split(" "));
        assertThat(RepetitionRules.judge("x".repeat(120), five)).isEmpty();
        assertThat(RepetitionRules.judge("x".repeat(119), five))
                .contains(DropReason.REPEATED_WORDS);
    }

    private static Optional<DropReason> top(int characters) {
        List<String> words = List.of("xxxxx", "yyyy", "1", "xxxxx", "yyyy");
        return RepetitionRules.judge("z".repeat(characters), words);
    }

    private static String c4(String text) {
        return fate(RuleKey.QUALITY, "c4", text);
    }

    @Test
    void rulesOfC4() {
        String line = "One two three.\n";
        assertThat(c4(line.repeat(5))).isEqualTo("kept");
        assertThat(c4(line.repeat(4))).isEqualTo("c4-few-sentences");
        assertThat(c4(line.repeat(5) + "{")).isEqualTo("c4-curly-bracket");
        assertThat(c4(line.repeat(5) + "Lorem Ipsum")).isEqualTo("c4-lorem-ipsum");
        for (String gone :
                new String[] {
                    "Two words.\n",
                    "no end here\n",
                    "it trails off...\n",
                    "please enable JavaScript now.\n",
                    "our privacy policy applies.\n",
                    "one two " + "x".repeat(1001) + ".\n"
                }) {
            assertThat(c4(line.repeat(4) + gone)).as(gone).isEqualTo("c4-few-sentences");
        }
        assertThat(c4(line.repeat(4) + "one two " + "x".repeat(999) + ".\n")).isEqualTo("kept");
        Verdict verdict =
                pipeline(IngestRules.STANDARD.with(RuleKey.QUALITY, "c4"))
                        .judge(document("k", line.repeat(5) + "Menu\n", ""));
        assertThat(verdict).isEqualTo(new Verdict.Keep(line.repeat(5)));
    }

    @Test
    void english() {
        String french =
                "le chat est sur la table et il ne veut pas que les autres le voient dans la maison";
        assertThat(fate(RuleKey.LANGUAGE, "en", french + " et les enfants sont dans le jardin"))
                .isEqualTo("language");
        assertThat(fate(RuleKey.LANGUAGE, "any", french)).isEqualTo("kept");
        // Three of twenty words are the share that is asked for; two are too few.
        assertThat(fate(RuleKey.LANGUAGE, "en", "the of and " + distinct(0, 17))).isEqualTo("kept");
        assertThat(fate(RuleKey.LANGUAGE, "en", "the of " + distinct(0, 18))).isEqualTo("language");
        assertThat(fate(RuleKey.LANGUAGE, "en", distinct(0, 19))).isEqualTo("kept");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Write to john.doe+x@mail.example.co.uk. | Write to email@example.com.",
                "a@b | a@b",
                "@home and me@ here | @home and me@ here",
                "from 8.8.8.8, | from 192.0.2.1,",
                "10.0.0.1 127.0.0.1 172.16.0.1 192.168.1.1 169.254.1.1 | 10.0.0.1 127.0.0.1 172.16.0.1 192.168.1.1 169.254.1.1",
                "172.32.0.1 172.15.0.1 | 192.0.2.1 192.0.2.1",
                "223.255.255.255 224.0.0.1 | 192.0.2.1 224.0.0.1",
                "version 1.2.3.4.5 and 256.1.1.1 | version 1.2.3.4.5 and 256.1.1.1",
            })
    void personalData(String text, String replaced) {
        IngestRules rules = IngestRules.STANDARD.with(RuleKey.PII, "replace");
        assertThat(pipeline(rules).judge(document("k", text, "")))
                .isEqualTo(new Verdict.Keep(replaced));
        assertThat(pipeline(IngestRules.STANDARD).judge(document("k", text, "")))
                .isEqualTo(new Verdict.Keep(text));
    }

    @Test
    void aThirdIsDrawnByTheKeyAlone() {
        IngestRules rules = IngestRules.STANDARD.with(RuleKey.ONE_IN, "3");
        Set<Integer> kept = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            String fate = fate(rules, document("https://a.example/" + i, "text", ""));
            assertThat(fate)
                    .isEqualTo(fate(rules, document("https://a.example/" + i, "other", "")));
            if (fate.equals("kept")) {
                kept.add(i);
            } else {
                assertThat(fate).isEqualTo("not-drawn");
            }
        }
        // Five standard deviations of a binomial draw.
        assertThat(kept.size()).isBetween(1000 - 130, 1000 + 130);
    }

    @Test
    void splitsOfTheSourceAndByHash() {
        IngestRules train = IngestRules.STANDARD.with(RuleKey.SPLIT, "train");
        IngestRules validation = IngestRules.STANDARD.with(RuleKey.SPLIT, "validation");
        for (String own : List.of("val", "valid", "VALIDATION", "dev")) {
            assertThat(fate(validation, document("k", "t", own))).isEqualTo("kept");
            assertThat(fate(train, document("k", "t", own))).isEqualTo("other-split");
        }
        for (String own : List.of("train", "")) {
            assertThat(fate(train, document("k", "t", own))).isEqualTo("kept");
            assertThat(fate(validation, document("k", "t", own))).isEqualTo("other-split");
        }
        assertThat(fate(train, document("k", "t", "gen"))).isEqualTo("other-split");
        assertThat(fate(validation, document("k", "t", "gen"))).isEqualTo("other-split");

        IngestRules byHash = validation.with(RuleKey.VALIDATION_PERMILLE, "50");
        IngestRules rest = train.with(RuleKey.VALIDATION_PERMILLE, "50");
        int found = 0;
        for (int i = 0; i < 4000; i++) {
            Document one = document("k" + i, "t", "train");
            boolean kept = fate(byHash, one).equals("kept");
            assertThat(fate(rest, one).equals("kept")).isEqualTo(!kept);
            found += kept ? 1 : 0;
        }
        assertThat(found).isBetween(200 - 70, 200 + 70);
    }

    @Test
    void whatIsEmptyOrTooLargeHasNoText() {
        Pipeline pipeline =
                new Pipeline(
                        new Normalizer(Boilerplate.NONE, true, true), IngestRules.STANDARD, 10);
        assertThat(pipeline.prepare(document("k", "\u00e9".repeat(5), "")))
                .isInstanceOf(Pipeline.Prepared.Text.class);
        assertThat(pipeline.prepare(document("k", "\u00e9".repeat(5) + "a", "")))
                .isEqualTo(new Pipeline.Prepared.Dropped(DropReason.TOO_LARGE));
        assertThat(pipeline.prepare(document("k", "\n ", "")))
                .isEqualTo(new Pipeline.Prepared.Dropped(DropReason.EMPTY));
        assertThat(pipeline.prepare(document("k", "e\u0301", "")))
                .isEqualTo(new Pipeline.Prepared.Text(document("k", "\u00e9", "")));
        assertThat(
                        Collections.singletonList(
                                pipeline(IngestRules.STANDARD)
                                        .prepare(document("k", "e\u0301", ""))))
                .containsExactly(new Pipeline.Prepared.Text(document("k", "e\u0301", "")));
    }

    private static String clean(Boilerplate boilerplate, String text) {
        Pipeline pipeline =
                new Pipeline(
                        new Normalizer(boilerplate, true, false), IngestRules.STANDARD, 1 << 20);
        return ((Pipeline.Prepared.Text) pipeline.prepare(document("k", text, "")))
                .document()
                .text();
    }

    @Test
    void boilerplateOfSources() {
        assertThat(
                        clean(
                                Boilerplate.SMASHWORDS,
                                """
                                The Title

                                Smashwords Edition, License Notes

                                This ebook is licensed for your personal enjoyment only.

                                Chapter 1

                                She said nothing.
                                """))
                .isEqualTo("The Title\n\nChapter 1\n\nShe said nothing.\n");
        assertThat(
                        clean(
                                Boilerplate.TREEBANK,
                                "`` i do n't know , '' he said . she 's gone ( away ) !"))
                .isEqualTo("\"i don't know,\" he said. she's gone (away)!");
        assertThat(clean(Boilerplate.WIKITEXT, "'''A''' [[b|c]]")).isEqualTo("A c");
    }
}
