package io.longspan.attention.testkit.oracle;

import io.longspan.attention.TokenRole;
import java.util.Arrays;

/**
 * Attention and its gradients in float64.
 *
 * <p>With p the softmax of a row, f its dropout factors, o = sum(p f v) and g the gradient of o: dv
 * = p f g, dp = f (g.v), ds = p (dp - sum(p dp)), dq = scale * sum(ds k), dk = scale * ds q, and
 * the bias of the key's offset gets ds.
 */
public final class AttentionOracle {
    private AttentionOracle() {}

    /** Output and log-sum-exp. */
    public static OracleForward forward(AttentionProblem problem) {
        int[] rows = problem.rows().indices(problem.layout());
        double[] output = new double[rows.length * problem.heads() * problem.headSize()];
        double[] logSumExp = new double[rows.length * problem.heads()];
        Arrays.fill(logSumExp, Double.NEGATIVE_INFINITY);
        for (int r = 0; r < rows.length; r++) {
            if (problem.layout().role(rows[r]) != TokenRole.LOCAL) {
                continue;
            }
            for (int h = 0; h < problem.heads(); h++) {
                RowSoftmax row = RowSoftmax.of(problem, r, rows[r], h);
                logSumExp[r * problem.heads() + h] = row.logSumExp();
                addValues(problem, row, h, output, problem.at(r, h));
            }
        }
        return new OracleForward(output, logSumExp);
    }

    /**
     * Gradients of sum(output * outputGradient).
     *
     * @param outputGradient [R, H, D]; rows of GLOBAL and MASKED tokens are not read
     */
    public static OracleGradients backward(AttentionProblem problem, float[] outputGradient) {
        int[] rows = problem.rows().indices(problem.layout());
        int width = problem.heads() * problem.headSize();
        int tokens = problem.layout().tokens();
        boolean biased = problem.pattern().offsetBias();
        OracleGradients gradients =
                new OracleGradients(
                        rows.length * width,
                        tokens * width,
                        tokens * width,
                        biased ? problem.heads() * problem.pattern().biasColumns() : 0);
        for (int r = 0; r < rows.length; r++) {
            if (problem.layout().role(rows[r]) != TokenRole.LOCAL) {
                continue;
            }
            for (int h = 0; h < problem.heads(); h++) {
                addGradients(problem, r, rows[r], h, outputGradient, gradients);
            }
        }
        return gradients;
    }

    private static void addValues(
            AttentionProblem problem, RowSoftmax row, int head, double[] output, int at) {
        for (int n = 0; n < row.keys().count(); n++) {
            int v = problem.at(row.keys().token(n), head);
            double weight = row.probability(n) * row.factor(n);
            for (int d = 0; d < problem.headSize(); d++) {
                output[at + d] += weight * problem.value(v + d);
            }
        }
    }

    private static void addGradients(
            AttentionProblem problem,
            int r,
            int token,
            int head,
            float[] outputGradient,
            OracleGradients gradients) {
        RowSoftmax row = RowSoftmax.of(problem, r, token, head);
        int count = row.keys().count();
        int at = problem.at(r, head);
        double[] ofProbability = new double[count];
        double mean = 0;
        for (int n = 0; n < count; n++) {
            int v = problem.at(row.keys().token(n), head);
            double dot = 0;
            for (int d = 0; d < problem.headSize(); d++) {
                dot += outputGradient[at + d] * problem.value(v + d);
                gradients.value()[v + d] +=
                        row.probability(n) * row.factor(n) * outputGradient[at + d];
            }
            ofProbability[n] = row.factor(n) * dot;
            mean += row.probability(n) * ofProbability[n];
        }
        double scale = problem.pattern().scale();
        for (int n = 0; n < count; n++) {
            int k = problem.at(row.keys().token(n), head);
            double ofScore = row.probability(n) * (ofProbability[n] - mean);
            for (int d = 0; d < problem.headSize(); d++) {
                gradients.query()[at + d] += scale * ofScore * problem.key(k + d);
                gradients.key()[k + d] += scale * ofScore * problem.query(at + d);
            }
            int column = row.keys().column(n);
            if (column != VisibleKeys.NO_COLUMN && problem.pattern().offsetBias()) {
                gradients.bias()[problem.biasAt(head, column)] += ofScore;
            }
        }
    }
}
