package io.longspan.model.head;

import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/** One softmax and its cross-entropy, in double precision. */
final class CrossEntropy {
    private CrossEntropy() {}

    /**
     * Minus the logarithm of the probability of one of some scores.
     *
     * @param at index into {@code scores} of the n-th of them
     * @param count how many there are
     * @param wanted which of them is the true one
     * @param factor on the result and its gradient
     * @param gradient receives the gradient at the same indices; what is there is added to
     */
    static double of(
            float[] scores,
            IntUnaryOperator at,
            int count,
            int wanted,
            double factor,
            float @Nullable [] gradient) {
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            highest = Math.max(highest, scores[at.applyAsInt(i)]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(scores[at.applyAsInt(i)] - highest);
        }
        if (gradient != null) {
            for (int i = 0; i < count; i++) {
                double share = Math.exp(scores[at.applyAsInt(i)] - highest) / sum;
                gradient[at.applyAsInt(i)] += (float) (factor * (i == wanted ? share - 1 : share));
            }
        }
        return factor * (highest + Math.log(sum) - scores[at.applyAsInt(wanted)]);
    }
}
