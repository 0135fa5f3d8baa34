package io.longspan.example.dense;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.ForwardTensors;
import io.longspan.attention.TokenRole;
import org.jspecify.annotations.Nullable;

/**
 * One forward pass: for each row and head, scores of the visible keys, softmax, weighted sum of
 * values.
 */
final class DenseForward {
    private final DensePlan plan;
    private final int[] rows;
    private final int heads;
    private final int headSize;
    private final RowScores seen;
    private final FloatTensor value;
    private final FloatTensor output;
    private final @Nullable FloatMatrix logSumExp;

    DenseForward(DensePlan plan, ForwardTensors tensors, @Nullable AttentionDropout dropout) {
        this.plan = plan;
        rows = plan.rows().indices(plan.layout());
        heads = plan.workload().pattern().heads();
        headSize = plan.workload().headSize();
        seen = new RowScores(plan, tensors.query(), tensors.key(), tensors.offsetBias(), dropout);
        value = new FloatTensor(tensors.value()); // [T, H, D]
        output = new FloatTensor(tensors.output()); // [R, H, D]
        logSumExp =
                tensors.logSumExp() == null ? null : new FloatMatrix(tensors.logSumExp()); // [R, H]
    }

    /**
     * Writes the output, and the log-sum-exp where it is wanted.
     *
     * @return the log-sum-exp, [R, H], in double: the way back takes differences of large numbers
     */
    double[] run() {
        double[] sums = new double[rows.length * heads]; // [R, H]
        for (int r = 0; r < rows.length; r++) {
            boolean local = plan.layout().role(rows[r]) == TokenRole.LOCAL;
            for (int h = 0; h < heads; h++) {
                double sum = local ? attend(r, h) : nothing(r, h);
                sums[r * heads + h] = sum;
                if (logSumExp != null) {
                    logSumExp.set(r, h, (float) sum);
                }
            }
        }
        return sums;
    }

    private double nothing(int r, int h) {
        for (int d = 0; d < headSize; d++) {
            output.set(r, h, d, 0);
        }
        return Double.NEGATIVE_INFINITY;
    }

    /** Writes the output of row r and returns its log-sum-exp. */
    private double attend(int r, int h) {
        seen.look(r, rows[r], h);
        if (seen.count() == 0) {
            return nothing(r, h);
        }
        float most = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < seen.count(); k++) {
            most = Math.max(most, seen.score(k));
        }
        double total = 0;
        for (int k = 0; k < seen.count(); k++) {
            total += Math.exp(seen.score(k) - most);
        }
        double logSum = most + Math.log(total);
        for (int d = 0; d < headSize; d++) {
            double mean = 0;
            for (int k = 0; k < seen.count(); k++) {
                double share = Math.exp(seen.score(k) - logSum) * seen.factor(k);
                mean += share * value.get(seen.key(k), h, d);
            }
            output.set(r, h, d, (float) mean);
        }
        return logSum;
    }
}
