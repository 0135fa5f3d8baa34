package io.longspan.attention.testkit.oracle;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.DropoutMask;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The softmax of one row and head: its keys, their probabilities and their dropout factors. */
final class RowSoftmax {
    private final VisibleKeys keys;
    private final double[] probability;
    private final double[] factor;
    private final double logSumExp;

    private RowSoftmax(VisibleKeys keys, double[] probability, double[] factor, double logSumExp) {
        this.keys = keys;
        this.probability = probability;
        this.factor = factor;
        this.logSumExp = logSumExp;
    }

    /** The softmax of listed row {@code r}, which is the LOCAL token {@code token}. */
    static RowSoftmax of(AttentionProblem problem, int r, int token, int head) {
        VisibleKeys keys = VisibleKeys.of(problem.layout(), problem.pattern(), head, token);
        double[] scores = new double[keys.count()];
        double top = Double.NEGATIVE_INFINITY;
        for (int n = 0; n < scores.length; n++) {
            scores[n] = score(problem, r, keys, n, head);
            top = Math.max(top, scores[n]);
        }
        double[] probability = new double[scores.length];
        double logSumExp = Double.NEGATIVE_INFINITY;
        // Nothing is visible, or everything has a bias of minus infinity: probabilities stay zero.
        if (top != Double.NEGATIVE_INFINITY) {
            double sum = 0;
            for (int n = 0; n < scores.length; n++) {
                probability[n] = Math.exp(scores[n] - top);
                sum += probability[n];
            }
            for (int n = 0; n < scores.length; n++) {
                probability[n] /= sum;
            }
            logSumExp = top + Math.log(sum);
        }
        return new RowSoftmax(keys, probability, factors(problem, token, keys, head), logSumExp);
    }

    VisibleKeys keys() {
        return keys;
    }

    /** Normalised, before dropout. */
    double probability(int n) {
        return probability[n];
    }

    /** What dropout multiplies the nth probability by; 1 without dropout. */
    double factor(int n) {
        return factor[n];
    }

    double logSumExp() {
        return logSumExp;
    }

    private static double score(
            AttentionProblem problem, int r, VisibleKeys keys, int n, int head) {
        int q = problem.at(r, head);
        int k = problem.at(keys.token(n), head);
        double dot = 0;
        for (int d = 0; d < problem.headSize(); d++) {
            dot += problem.query(q + d) * problem.key(k + d);
        }
        double scaled = dot * problem.pattern().scale();
        int column = keys.column(n);
        return column == VisibleKeys.NO_COLUMN ? scaled : scaled + problem.bias(head, column);
    }

    private static double[] factors(
            AttentionProblem problem, int token, VisibleKeys keys, int head) {
        double[] factors = new double[keys.count()];
        @Nullable AttentionDropout dropout = problem.dropout();
        if (dropout == null) {
            Arrays.fill(factors, 1);
            return factors;
        }
        int sequence = problem.layout().sequenceOf(token);
        int start = problem.layout().start(sequence);
        DropoutMask mask = dropout.mask(sequence, problem.pattern().dropout());
        for (int n = 0; n < factors.length; n++) {
            factors[n] = mask.factor(head, token - start, keys.token(n) - start);
        }
        return factors;
    }
}
