package io.longspan.training.metric;

import io.longspan.model.head.ProblemType;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Gathers scores and truths of held-out examples and measures them as scikit-learn does.
 *
 * <p>One label: accuracy, F1 over all decisions (micro, here the same) and the mean of the classes'
 * F1 (macro), over the classes that occur in truths or answers. Several labels: an answer holds the
 * classes with scores above 0; accuracy counts answers that are right as a whole, and macro is the
 * mean over all classes, one that never occurs counting 0. Numbers: mean squared error and
 * Pearson's correlation, which is no number where either side never varies.
 */
public final class ClassMetrics {
    private final ProblemType problem;
    private final int classes;
    private final long[] hits;
    private final long[] answered;
    private final long[] wantedOf;
    private long examples;
    private long right;
    private double sumX;
    private double sumY;
    private double sumXx;
    private double sumYy;
    private double sumXy;
    private double squares;

    public ClassMetrics(ProblemType problem, int classes) {
        this.problem = problem;
        this.classes = classes;
        hits = new long[classes];
        answered = new long[classes];
        wantedOf = new long[classes];
    }

    /**
     * Counts one example.
     *
     * @param scores [.., K], those of the example from an index on
     * @param truth a class; or [K] of 0 and 1; or a number
     */
    public void add(float[] scores, int from, float[] truth) {
        examples++;
        switch (problem) {
            case SINGLE_LABEL -> {
                int best = 0;
                for (int c = 1; c < classes; c++) {
                    if (scores[from + c] > scores[from + best]) {
                        best = c;
                    }
                }
                int wanted = (int) truth[0];
                answered[best]++;
                wantedOf[wanted]++;
                if (best == wanted) {
                    hits[best]++;
                    right++;
                }
            }
            case MULTI_LABEL -> {
                boolean whole = true;
                for (int c = 0; c < classes; c++) {
                    boolean says = scores[from + c] > 0;
                    boolean is = truth[c] > 0.5;
                    answered[c] += says ? 1 : 0;
                    wantedOf[c] += is ? 1 : 0;
                    hits[c] += says && is ? 1 : 0;
                    whole &= says == is;
                }
                right += whole ? 1 : 0;
            }
            case REGRESSION -> {
                double x = scores[from];
                double y = truth[0];
                sumX += x;
                sumY += y;
                sumXx += x * x;
                sumYy += y * y;
                sumXy += x * y;
                squares += (x - y) * (x - y);
            }
        }
    }

    /** The numbers by name. */
    public NavigableMap<String, Double> measured() {
        if (problem == ProblemType.REGRESSION) {
            double both = sumXy - sumX * sumY / examples;
            double spread =
                    Math.sqrt(sumXx - sumX * sumX / examples)
                            * Math.sqrt(sumYy - sumY * sumY / examples);
            return new TreeMap<>(
                    Map.of(
                            Evaluation.SQUARED_ERROR, squares / examples,
                            Evaluation.PEARSON, both / spread));
        }
        double sum = 0;
        int counted = 0;
        long allHits = 0;
        long allAnswers = 0;
        for (int c = 0; c < classes; c++) {
            long either = answered[c] + wantedOf[c];
            sum += either == 0 ? 0 : 2.0 * hits[c] / either;
            counted += either > 0 || problem == ProblemType.MULTI_LABEL ? 1 : 0;
            allHits += hits[c];
            allAnswers += either;
        }
        return new TreeMap<>(
                Map.of(
                        Evaluation.ACCURACY, (double) right / examples,
                        Evaluation.MACRO_F1, sum / counted,
                        Evaluation.MICRO_F1, allAnswers == 0 ? 0 : 2.0 * allHits / allAnswers));
    }
}
