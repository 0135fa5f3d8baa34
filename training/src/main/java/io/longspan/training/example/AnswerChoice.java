package io.longspan.training.example;

import io.longspan.training.config.Answering;
import io.longspan.training.metric.AnswerMetrics;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.IntStream;

/**
 * Picks the answer of each question out of the scores of its windows: of the best first and last
 * tokens the pair with the highest sum, last not before first and not too long. Where a question
 * may have no answer, it gets none if the first token of some window, in both places, beats every
 * pair.
 */
final class AnswerChoice implements ExampleMetrics {
    private static final int CANDIDATES = 20;

    private record Best(Question question, String text, double score, double nothing) {}

    private final Answering answering;
    private final IdentityHashMap<Question, Best> found = new IdentityHashMap<>();

    AnswerChoice(Answering answering) {
        this.answering = answering;
    }

    @Override
    public void add(EncodedExample example, float[] scores) {
        if (!(example instanceof AnswerWindow window)) {
            throw new IllegalArgumentException("the example holds no question");
        }
        Best before = found.get(window.question());
        Best here = best(window, scores);
        if (before == null) {
            found.put(window.question(), here);
            return;
        }
        Best better = here.score() > before.score() ? here : before;
        found.put(
                window.question(),
                new Best(
                        better.question(),
                        better.text(),
                        better.score(),
                        Math.min(before.nothing(), here.nothing())));
    }

    private Best best(AnswerWindow window, float[] scores) {
        String text = "";
        double highest = Double.NEGATIVE_INFINITY;
        List<Integer> lasts = candidates(window, scores, 1);
        for (int first : candidates(window, scores, 0)) {
            for (int last : lasts) {
                double sum =
                        (double) scores[2 * (window.before() + first)]
                                + scores[2 * (window.before() + last) + 1];
                if (last >= first && last - first < answering.longest() && sum > highest) {
                    highest = sum;
                    text = window.text(first, last);
                }
            }
        }
        return new Best(window.question(), text, highest, (double) scores[0] + scores[1]);
    }

    private static List<Integer> candidates(AnswerWindow window, float[] scores, int column) {
        return IntStream.range(0, window.count())
                .boxed()
                .sorted(
                        Comparator.comparingDouble(
                                t -> -scores[2 * (window.before() + t) + column]))
                .limit(CANDIDATES)
                .toList();
    }

    @Override
    public NavigableMap<String, Double> measured() {
        AnswerMetrics metrics = new AnswerMetrics(answering.noAnswer());
        for (Best best : found.values()) {
            boolean none = answering.noAnswer() && best.nothing() > best.score();
            metrics.add(
                    best.question().answers().stream().map(Question.Answer::text).toList(),
                    none ? "" : best.text());
        }
        return metrics.measured();
    }
}
