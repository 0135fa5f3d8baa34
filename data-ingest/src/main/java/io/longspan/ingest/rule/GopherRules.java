package io.longspan.ingest.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The quality rules of Gopher (Rae et al. 2021, appendix A.1).
 *
 * @param mostWords above which a document is dropped
 */
record GopherRules(long mostWords) {
    static final GopherRules PAGES = new GopherRules(100_000);
    static final GopherRules BOOKS = new GopherRules(Long.MAX_VALUE);

    private static final int FEWEST_WORDS = 50;
    private static final double SHORTEST_MEAN = 3;
    private static final double LONGEST_MEAN = 10;
    private static final double MOST_SYMBOLS = 0.1;
    private static final double MOST_BULLETS = 0.9;
    private static final double MOST_ELLIPSES = 0.3;
    private static final double LEAST_ALPHABETIC = 0.8;
    private static final int FEWEST_STOP_WORDS = 2;
    private static final Set<String> STOP_WORDS =
            Set.of("the", "be", "to", "of", "and", "that", "have", "with");

    /** Why a text is dropped, or nothing. */
    Optional<DropReason> judge(String text, List<String> words) {
        if (words.size() < FEWEST_WORDS || words.size() > mostWords) {
            return Optional.of(DropReason.GOPHER_WORD_COUNT);
        }
        double mean = words.stream().mapToLong(String::length).sum() / (double) words.size();
        if (mean < SHORTEST_MEAN || mean > LONGEST_MEAN) {
            return Optional.of(DropReason.GOPHER_WORD_LENGTH);
        }
        long hashes = text.chars().filter(c -> c == '#').count();
        long dots = Words.count(text, "...") + Words.count(text, "\u2026");
        if (Math.max(hashes, dots) > MOST_SYMBOLS * words.size()) {
            return Optional.of(DropReason.GOPHER_SYMBOLS);
        }
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        long bullets =
                lines.stream()
                        .map(String::stripLeading)
                        .filter(line -> line.startsWith("\u2022") || line.startsWith("-"))
                        .count();
        if (bullets > MOST_BULLETS * lines.size()) {
            return Optional.of(DropReason.GOPHER_BULLETS);
        }
        long ellipses =
                lines.stream()
                        .map(String::stripTrailing)
                        .filter(line -> line.endsWith("...") || line.endsWith("\u2026"))
                        .count();
        if (ellipses > MOST_ELLIPSES * lines.size()) {
            return Optional.of(DropReason.GOPHER_ELLIPSES);
        }
        long alphabetic =
                words.stream().filter(word -> word.chars().anyMatch(Character::isLetter)).count();
        if (alphabetic < LEAST_ALPHABETIC * words.size()) {
            return Optional.of(DropReason.GOPHER_ALPHABETIC);
        }
        Set<String> found = new HashSet<>();
        for (String word : words) {
            String lower = word.toLowerCase(Locale.ROOT);
            if (STOP_WORDS.contains(lower)) {
                found.add(lower);
            }
        }
        return found.size() < FEWEST_STOP_WORDS
                ? Optional.of(DropReason.GOPHER_STOP_WORDS)
                : Optional.empty();
    }
}
