package io.longspan.training.metric;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Exact match and F1 of answers as the scripts of SQuAD 1.1 and 2 define them, in percent: lower
 * case, without ASCII punctuation, without the articles a, an and the, words in a bag, the best of
 * the right answers.
 */
public final class AnswerMetrics {
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final boolean noAnswer;
    private long questions;
    private double exact;
    private double f1;

    /**
     * A fresh measurement.
     *
     * @param noAnswer whether questions may have no answer: the rules of SQuAD 2
     */
    public AnswerMetrics(boolean noAnswer) {
        this.noAnswer = noAnswer;
    }

    /**
     * Counts one question.
     *
     * @param right every answer that is right; empty where none is
     * @param given the answer that was given; empty for none
     */
    public void add(List<String> right, String given) {
        List<String> wanted =
                noAnswer ? right.stream().filter(text -> !plain(text).isEmpty()).toList() : right;
        List<String> allowed = wanted.isEmpty() ? List.of("") : wanted;
        questions++;
        exact += best(allowed, given, (a, b) -> plain(a).equals(plain(b)) ? 1 : 0);
        f1 += best(allowed, given, this::overlap);
    }

    /** The numbers by name, in percent. */
    public NavigableMap<String, Double> measured() {
        NavigableMap<String, Double> all = new TreeMap<>();
        all.put(Evaluation.EXACT, 100 * exact / questions);
        all.put(Evaluation.F1, 100 * f1 / questions);
        return all;
    }

    private static double best(
            List<String> allowed, String given, ToDoubleBiFunction<String, String> score) {
        return allowed.stream()
                .mapToDouble(one -> score.applyAsDouble(one, given))
                .max()
                .orElseThrow();
    }

    private double overlap(String right, String given) {
        List<String> wanted = words(right);
        List<String> said = words(given);
        if (noAnswer && (wanted.isEmpty() || said.isEmpty())) {
            return wanted.equals(said) ? 1 : 0;
        }
        Map<String, Integer> left = new HashMap<>();
        wanted.forEach(word -> left.merge(word, 1, Integer::sum));
        int same = 0;
        for (String word : said) {
            if (left.merge(word, -1, Integer::sum) >= 0) {
                same++;
            }
        }
        return same == 0 ? 0 : 2.0 * same / (wanted.size() + said.size());
    }

    private static List<String> words(String text) {
        String plain = plain(text);
        return plain.isEmpty() ? List.of() : Arrays.asList(plain.split(" ", -1));
    }

    private static String plain(String text) {
        String letters =
                text.toLowerCase(Locale.ROOT)
                        .codePoints()
                        .filter(c -> PUNCTUATION.indexOf(c) < 0)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
        return Stream.of(letters.replaceAll("(?U)\\b(a|an|the)\\b", " ").split("(?U)\\s+", -1))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
    }
}
