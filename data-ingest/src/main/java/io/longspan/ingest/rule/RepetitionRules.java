package io.longspan.ingest.rule;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The repetition rules of Gopher (Rae et al. 2021, appendix A.1). */
final class RepetitionRules {
    private static final double MOST_LINES = 0.30;
    private static final double MOST_LINE_CHARACTERS = 0.20;

    /** Share of the characters in the most frequent sequence of two, three, four words. */
    private static final double[] MOST_TOP = {0.20, 0.18, 0.16};

    /** Share of the characters in sequences of five to ten words that occur again. */
    private static final double[] MOST_AGAIN = {0.15, 0.14, 0.13, 0.12, 0.11, 0.10};

    private RepetitionRules() {}

    static Optional<DropReason> judge(String text, List<String> words) {
        if (repeats(text.split("\n+")) || repeats(text.split("\n{2,}"))) {
            return Optional.of(DropReason.REPEATED_LINES);
        }
        for (int i = 0; i < MOST_TOP.length; i++) {
            if (topShare(words, i + 2, text.length()) > MOST_TOP[i]) {
                return Optional.of(DropReason.REPEATED_WORDS);
            }
        }
        for (int i = 0; i < MOST_AGAIN.length; i++) {
            if (againShare(words, i + 5, text.length()) > MOST_AGAIN[i]) {
                return Optional.of(DropReason.REPEATED_WORDS);
            }
        }
        return Optional.empty();
    }

    private static boolean repeats(String[] parts) {
        Set<String> seen = new HashSet<>();
        long again = 0;
        long characters = 0;
        long all = 0;
        for (String part : parts) {
            String stripped = part.strip();
            all += stripped.length();
            if (!seen.add(stripped)) {
                again++;
                characters += stripped.length();
            }
        }
        return again > MOST_LINES * parts.length || characters > MOST_LINE_CHARACTERS * all;
    }

    private static String sequence(List<String> words, int from, int count) {
        return String.join(" ", words.subList(from, from + count));
    }

    private static double topShare(List<String> words, int count, int characters) {
        Map<String, Integer> seen = new HashMap<>();
        int most = 0;
        String top = "";
        for (int i = 0; i + count <= words.size(); i++) {
            String sequence = sequence(words, i, count);
            int times = seen.merge(sequence, 1, Integer::sum);
            // Of those that are as frequent the longest, so that the order does not count.
            if (times > most || (times == most && sequence.length() > top.length())) {
                most = times;
                top = sequence;
            }
        }
        return most < 2 ? 0 : (double) top.length() * most / characters;
    }

    private static double againShare(List<String> words, int count, int characters) {
        Set<String> seen = new HashSet<>();
        long again = 0;
        int i = 0;
        while (i + count <= words.size()) {
            String sequence = sequence(words, i, count);
            if (seen.add(sequence)) {
                i++;
            } else {
                again += sequence.length();
                i += count;
            }
        }
        return (double) again / characters;
    }
}
