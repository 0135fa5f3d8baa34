package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.ProductPrecision;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The kernel's forward pass. */
final class ForwardPass {
    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int[] tokens;
    private final Flaw flaw;
    private final KernelTensors inputs;
    private final @Nullable AttentionDropout dropout;
    private final boolean coarse;

    ForwardPass(
            AttentionPlan plan,
            Flaw flaw,
            KernelTensors inputs,
            @Nullable AttentionDropout dropout) {
        layout = plan.layout();
        pattern = ReferenceKernel.pattern(plan);
        tokens = ReferenceKernel.tokens(plan, flaw);
        this.flaw = flaw;
        this.inputs = inputs;
        this.dropout = dropout;
        coarse =
                flaw == Flaw.ROUNDED_PRODUCTS_TOO_COARSE
                        && plan.workload().products() == ProductPrecision.BF16;
    }

    /** Writes output and, when wanted, log-sum-exp; returns the latter in float64. */
    double[] run(TensorView outputView, @Nullable Strided logSumExp) {
        Strided output = new Strided(outputView, false);
        double[] saved = new double[tokens.length * pattern.heads()];
        Arrays.fill(saved, Double.NEGATIVE_INFINITY);
        KeyWalk walk = new KeyWalk(layout, pattern, flaw);
        for (int r = 0; r < tokens.length; r++) {
            for (int h = 0; h < pattern.heads(); h++) {
                int at = r * pattern.heads() + h;
                boolean computed = walk.computes(tokens[r]);
                double written = Double.NEGATIVE_INFINITY;
                if (computed) {
                    RowPass pass =
                            RowPass.of(inputs, layout, pattern, flaw, dropout, r, tokens[r], h);
                    saved[at] = pass.logSumExp();
                    written =
                            flaw == Flaw.LOG_SUM_EXP_AFTER_DROPOUT
                                    ? pass.logSumExpOfKept()
                                    : saved[at];
                    writeRow(pass, r, h, saved[at], output);
                } else if (flaw != Flaw.ZERO_ROWS_NOT_WRITTEN) {
                    zeroRow(r, h, output);
                }
                if (logSumExp != null) {
                    logSumExp.set(r, h, 0, asWritten(written, computed));
                }
            }
        }
        return saved;
    }

    private double asWritten(double logSumExp, boolean computed) {
        if (flaw == Flaw.LOG_SUM_EXP_IN_BASE_2) {
            return logSumExp / Math.log(2);
        }
        return !computed && flaw == Flaw.LOG_SUM_EXP_OF_ZERO_ROWS_IS_ZERO ? 0 : logSumExp;
    }

    private void writeRow(RowPass pass, int r, int head, double logSumExp, Strided output) {
        double nudge = flaw == Flaw.DEPENDS_ON_BATCH ? 1 + 1.2e-7 * (layout.sequences() % 2) : 1;
        double[] probabilities = pass.probabilities(logSumExp);
        for (int d = 0; d < inputs.headSize(); d++) {
            double sum = flaw == Flaw.OUTPUT_ADDED ? output.get(r, head, d) : 0;
            for (int n = 0; n < pass.keys().size(); n++) {
                KeyWalk.Key key = pass.keys().get(n);
                double weight = probabilities[n] * pass.factor(n);
                // A padded key was cleaned on load: its value is zero.
                sum += key.padded() ? 0 : weight * inputs.value().get(key.token(), head, d);
            }
            output.set(r, head, d, coarse ? Math.rint(sum * 4) / 4 : sum * nudge);
        }
    }

    private void zeroRow(int r, int head, Strided output) {
        for (int d = 0; d < inputs.headSize(); d++) {
            output.set(r, head, d, 0);
        }
    }
}
