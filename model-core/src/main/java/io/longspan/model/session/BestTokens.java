package io.longspan.model.session;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The best of one row of scores with their probabilities, in one pass over the row and without
 * sorting it. Of equal scores the smaller id is the better one, so the answer is the same each
 * time.
 */
final class BestTokens {
    /** A token with its score, later with its probability in place of it. */
    record Scored(int id, float score) {}

    private static final Comparator<Scored> WORST_FIRST =
            Comparator.comparingDouble(Scored::score)
                    .thenComparing(Comparator.comparingInt(Scored::id).reversed());

    private BestTokens() {}

    /**
     * Reads a row.
     *
     * @param scores float32 in native order
     * @param first index of the row's first score
     * @param vocabulary scores in the row
     * @param most tokens wanted, at least 1; fewer come back when the row is shorter
     * @return ids with their probability, best first
     * @throws IllegalStateException when the scores are not numbers
     */
    static List<Scored> of(MemorySegment scores, long first, int vocabulary, int most) {
        PriorityQueue<Scored> kept = new PriorityQueue<>(most, WORST_FIRST);
        float largest = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < vocabulary; id++) {
            float score = scores.getAtIndex(ValueLayout.JAVA_FLOAT, first + id);
            largest = Math.max(largest, score);
            if (kept.size() < most) {
                kept.add(new Scored(id, score));
            } else if (score > kept.element().score()) {
                kept.remove();
                kept.add(new Scored(id, score));
            }
        }
        double sum = 0;
        for (int id = 0; id < vocabulary; id++) {
            sum +=
                    Math.exp(
                            (double) scores.getAtIndex(ValueLayout.JAVA_FLOAT, first + id)
                                    - largest);
        }
        if (!Double.isFinite(sum)) {
            throw new IllegalStateException(
                    "the model's scores are not numbers; its weights are broken");
        }
        List<Scored> best = new ArrayList<>(kept);
        best.sort(WORST_FIRST.reversed());
        float top = largest;
        double all = sum;
        return best.stream()
                .map(s -> new Scored(s.id(), (float) (Math.exp((double) s.score() - top) / all)))
                .toList();
    }
}
