package io.longspan.ingest.rule;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Whether a text is English, by the words that join others. What has too few words is kept. */
final class EnglishRule {
    private static final int FEWEST_WORDS = 20;
    private static final double LEAST_SHARE = 0.15;

    private EnglishRule() {}

    static boolean passes(List<String> words) {
        List<String> plain =
                words.stream()
                        .limit(50_000)
                        .map(word -> word.toLowerCase(Locale.ROOT))
                        .map(EnglishRule::bare)
                        .filter(word -> !word.isEmpty())
                        .toList();
        if (plain.size() < FEWEST_WORDS) {
            return true;
        }
        double english = share(plain, JoiningWords.ENGLISH);
        return english >= LEAST_SHARE
                && JoiningWords.OTHERS.values().stream()
                        .allMatch(other -> share(plain, other) < english);
    }

    private static double share(List<String> words, Set<String> wanted) {
        return (double) words.stream().filter(wanted::contains).count() / words.size();
    }

    /** Without what is no letter at both ends. */
    private static String bare(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && !Character.isLetter(word.charAt(from))) {
            from++;
        }
        while (to > from && !Character.isLetter(word.charAt(to - 1))) {
            to--;
        }
        return word.substring(from, to);
    }
}
