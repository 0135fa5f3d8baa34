package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.DropoutMask;
import io.longspan.attention.SequenceLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scores, probabilities and dropout factors of one row and head. */
final class RowPass {
    private final List<KeyWalk.Key> keys;
    private final double[] scores;
    private final double[] factors;
    private double top = Double.NEGATIVE_INFINITY;
    private double sum;

    private RowPass(List<KeyWalk.Key> keys) {
        this.keys = keys;
        scores = new double[keys.size()];
        factors = new double[keys.size()];
    }

    static RowPass of(
            KernelTensors tensors,
            SequenceLayout layout,
            AttentionPattern pattern,
            Flaw flaw,
            @Nullable AttentionDropout dropout,
            int r,
            int token,
            int head) {
        RowPass pass = new RowPass(new KeyWalk(layout, pattern, flaw).keys(head, token));
        for (int n = 0; n < pass.scores.length; n++) {
            pass.scores[n] = score(tensors, pattern, flaw, r, pass.keys.get(n), head);
            pass.top = Math.max(pass.top, pass.scores[n]);
        }
        if (flaw == Flaw.TOP_SCORE_NOT_SUBTRACTED) {
            pass.top = 0;
        }
        for (double score : pass.scores) {
            pass.sum += pass.excluded(flaw) ? 0 : Math.exp(score - pass.top);
        }
        pass.drop(layout, pattern, flaw, dropout, token, head);
        return pass;
    }

    private boolean excluded(Flaw flaw) {
        return top == Double.NEGATIVE_INFINITY && flaw != Flaw.EXCLUDED_ROW_GIVES_NAN;
    }

    private static double score(
            KernelTensors tensors,
            AttentionPattern pattern,
            Flaw flaw,
            int r,
            KeyWalk.Key key,
            int head) {
        if (key.padded()) {
            return -10_000;
        }
        double dot = 0;
        for (int d = 0; d < tensors.headSize(); d++) {
            dot += tensors.query().get(r, head, d) * tensors.key().get(key.token(), head, d);
        }
        double score = flaw == Flaw.SCALE_MISSING ? dot : dot * pattern.scale();
        Strided bias = tensors.bias();
        if (bias == null || key.column() < 0) {
            return score;
        }
        int h = flaw == Flaw.BIAS_OF_FIRST_HEAD_FOR_ALL ? 0 : head;
        return score + bias.get(h, key.column(), 0);
    }

    private void drop(
            SequenceLayout layout,
            AttentionPattern pattern,
            Flaw flaw,
            @Nullable AttentionDropout dropout,
            int token,
            int head) {
        int sequence = layout.sequenceOf(token);
        int start = flaw == Flaw.DROPOUT_BY_PACKED_INDEX ? 0 : layout.start(sequence);
        DropoutMask mask = dropout == null ? null : dropout.mask(sequence, pattern.dropout());
        for (int n = 0; n < factors.length; n++) {
            double factor =
                    mask == null
                            ? 1
                            : mask.factor(head, token - start, keys.get(n).token() - start);
            factors[n] = flaw == Flaw.DROPOUT_NOT_RESCALED ? Math.min(1, factor) : factor;
        }
    }

    List<KeyWalk.Key> keys() {
        return keys;
    }

    double factor(int n) {
        return factors[n];
    }

    double logSumExp() {
        return top + Math.log(sum);
    }

    /** The log-sum-exp over what dropout left. */
    double logSumExpOfKept() {
        double kept = 0;
        for (int n = 0; n < scores.length; n++) {
            kept += Math.exp(scores[n] - top) * factors[n];
        }
        return top + Math.log(kept);
    }

    /** Probability of each key for a given log-sum-exp; zeros in a row that sees nothing. */
    double[] probabilities(double logSumExp) {
        double[] probabilities = new double[scores.length];
        if (logSumExp != Double.NEGATIVE_INFINITY) {
            for (int n = 0; n < scores.length; n++) {
                probabilities[n] = Math.exp(scores[n] - logSumExp);
            }
        }
        return probabilities;
    }
}
