package io.longspan.ingest.rule;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The rules of C4 (Raffel et al. 2020, section 2.2). */
final class C4Rules {
    private static final int FEWEST_WORDS = 3;
    private static final int LONGEST_WORD = 1000;
    private static final int FEWEST_SENTENCES = 5;
    private static final Pattern SENTENCE = Pattern.compile("[.!?][\"'\u201D\u2019)]*+(?=\\s|$)");
    private static final List<String> NOTICES =
            List.of(
                    "javascript",
                    "terms of use",
                    "privacy policy",
                    "cookie policy",
                    "uses cookies",
                    "use of cookies",
                    "use cookies");

    private C4Rules() {}

    /** What is left of a text, or why it is dropped. */
    static Verdict judge(String text) {
        if (text.indexOf('{') >= 0) {
            return new Verdict.Drop(DropReason.C4_CURLY_BRACKET);
        }
        if (text.toLowerCase(Locale.ROOT).contains("lorem ipsum")) {
            return new Verdict.Drop(DropReason.C4_LOREM_IPSUM);
        }
        StringBuilder kept = new StringBuilder(text.length());
        text.lines()
                .map(String::strip)
                .filter(C4Rules::prose)
                .forEach(line -> kept.append(line).append('\n'));
        long sentences = SENTENCE.matcher(kept).results().count();
        return sentences < FEWEST_SENTENCES
                ? new Verdict.Drop(DropReason.C4_FEW_SENTENCES)
                : new Verdict.Keep(kept.toString());
    }

    private static boolean prose(String line) {
        if (line.isEmpty() || line.endsWith("...") || ".!?\"\u201D".indexOf(last(line)) < 0) {
            return false;
        }
        List<String> words = Words.of(line);
        String lower = line.toLowerCase(Locale.ROOT);
        return words.size() >= FEWEST_WORDS
                && words.stream().allMatch(word -> word.length() <= LONGEST_WORD)
                && NOTICES.stream().noneMatch(lower::contains);
    }

    private static char last(String line) {
        return line.charAt(line.length() - 1);
    }
}
