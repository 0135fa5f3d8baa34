package io.longspan.ingest.rule;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The language of a text, by the words that join others in a piece of it; for counting, not for
 * filtering.
 */
public final class Languages {
    /** Of what has too few words, or is in none of the languages that are known. */
    public static final String UNKNOWN = "unknown";

    private static final List<String> NAMES =
            Stream.concat(Stream.of("en"), JoiningWords.OTHERS.keySet().stream().sorted()).toList();

    /** A bit for each language that a word belongs to. */
    private static final Map<String, Integer> BITS = bits();

    /** A title and a table of contents say little; the middle of a text is prose if anything is. */
    private static final int LOOKED_AT = 1500;

    private static final int FEWEST_WORDS = 20;
    private static final double LEAST_SHARE = 0.15;
    private static final int LONGEST_WORD = 5;

    private Languages() {}

    private static Map<String, Integer> bits() {
        Map<String, Integer> bits = new HashMap<>();
        for (int language = 0; language < NAMES.size(); language++) {
            int bit = 1 << language;
            String name = NAMES.get(language);
            (language == 0
                            ? JoiningWords.ENGLISH
                            : JoiningWords.OTHERS.getOrDefault(name, Set.of()))
                    .forEach(word -> bits.merge(word, bit, (one, other) -> one | other));
        }
        return Map.copyOf(bits);
    }

    /** ISO 639-1, or {@link #UNKNOWN}. */
    public static String of(String text) {
        int from = Math.max(0, (text.length() - LOOKED_AT) / 2);
        int to = Math.min(text.length(), from + LOOKED_AT);
        while (from > 0 && from < to && Character.isLetter(text.charAt(from - 1))) {
            from++;
        }
        int[] found = new int[NAMES.size()];
        int words = 0;
        for (int at = from; at < to; at++) {
            int start = at;
            while (at < to && Character.isLetter(text.charAt(at))) {
                at++;
            }
            if (at > start) {
                words++;
                count(text, start, at, found);
            }
        }
        int best = 0;
        for (int language = 1; language < found.length; language++) {
            best = found[language] > found[best] ? language : best;
        }
        return words < FEWEST_WORDS || found[best] < LEAST_SHARE * words
                ? UNKNOWN
                : NAMES.get(best);
    }

    private static void count(String text, int start, int end, int[] found) {
        if (end - start <= LONGEST_WORD) {
            int bits = BITS.getOrDefault(text.substring(start, end).toLowerCase(Locale.ROOT), 0);
            for (int language = 0; bits != 0; language++, bits >>>= 1) {
                found[language] += bits & 1;
            }
        }
    }
}
