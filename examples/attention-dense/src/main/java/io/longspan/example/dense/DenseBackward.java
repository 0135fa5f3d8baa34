package io.longspan.example.dense;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.TokenRole;
import org.jspecify.annotations.Nullable;

/**
 * One backward pass. With P the probabilities and P' those that dropout left:
 *
 * <pre>
 * dV = P'^T dO        dP = (dO V^T) * factor        dS = P * (dP - rowsum(P * dP))
 * dQ = scale * dS K   dK = scale * dS^T Q           dBias = dS summed by offset
 * </pre>
 *
 * <p>P comes back from the scores and the saved log-sum-exp, so nothing that grows with the window
 * was kept.
 */
final class DenseBackward {
    private final DensePlan plan;
    private final int[] rows;
    private final int heads;
    private final int headSize;
    private final float scale;
    private final double[] logSumExp;
    private final RowScores seen;
    private final FloatTensor query;
    private final FloatTensor key;
    private final FloatTensor value;
    private final FloatTensor outputGradient;
    private final FloatTensor queryGradient;
    private final FloatTensor keyGradient;
    private final FloatTensor valueGradient;
    private final @Nullable FloatMatrix biasGradient;
    private final double[] shares;
    private final double[] shareGradients;

    /**
     * @param logSumExp [R, H] of the forward pass
     */
    DenseBackward(
            DensePlan plan,
            BackwardTensors tensors,
            double[] logSumExp,
            @Nullable AttentionDropout dropout) {
        this.plan = plan;
        this.logSumExp = logSumExp;
        rows = plan.rows().indices(plan.layout());
        heads = plan.workload().pattern().heads();
        headSize = plan.workload().headSize();
        scale = plan.workload().pattern().scale();
        seen = new RowScores(plan, tensors.query(), tensors.key(), tensors.offsetBias(), dropout);
        query = new FloatTensor(tensors.query()); // [R, H, D]
        key = new FloatTensor(tensors.key()); // [T, H, D]
        value = new FloatTensor(tensors.value()); // [T, H, D]
        outputGradient = new FloatTensor(tensors.outputGradient()); // [R, H, D]
        queryGradient = new FloatTensor(tensors.queryGradient()); // [R, H, D]
        keyGradient = new FloatTensor(tensors.keyGradient()); // [T, H, D]
        valueGradient = new FloatTensor(tensors.valueGradient()); // [T, H, D]
        biasGradient =
                tensors.offsetBiasGradient() == null
                        ? null
                        : new FloatMatrix(tensors.offsetBiasGradient()); // [H, columns]
        shares = new double[plan.layout().longest()];
        shareGradients = new double[shares.length];
    }

    void run() {
        clear();
        for (int r = 0; r < rows.length; r++) {
            if (plan.layout().role(rows[r]) == TokenRole.LOCAL) {
                for (int h = 0; h < heads; h++) {
                    back(r, h);
                }
            }
        }
    }

    private void back(int r, int h) {
        seen.look(r, rows[r], h);
        double meanGradient = 0;
        for (int k = 0; k < seen.count(); k++) {
            shares[k] = Math.exp(seen.score(k) - logSumExp[r * heads + h]);
            double product = 0;
            for (int d = 0; d < headSize; d++) {
                float gradient = outputGradient.get(r, h, d);
                product += gradient * value.get(seen.key(k), h, d);
                valueGradient.add(
                        seen.key(k), h, d, (float) (shares[k] * seen.factor(k) * gradient));
            }
            shareGradients[k] = product * seen.factor(k);
            meanGradient += shares[k] * shareGradients[k];
        }
        for (int k = 0; k < seen.count(); k++) {
            double score = shares[k] * (shareGradients[k] - meanGradient);
            for (int d = 0; d < headSize; d++) {
                queryGradient.add(r, h, d, (float) (scale * score * key.get(seen.key(k), h, d)));
                keyGradient.add(seen.key(k), h, d, (float) (scale * score * query.get(r, h, d)));
            }
            if (biasGradient != null && seen.column(k) >= 0) {
                biasGradient.set(
                        h, seen.column(k), biasGradient.get(h, seen.column(k)) + (float) score);
            }
        }
    }

    /** Gradients are sums over rows, and the memory may hold anything. */
    private void clear() {
        for (int r = 0; r < rows.length; r++) {
            clear(queryGradient, r);
        }
        for (int t = 0; t < plan.layout().tokens(); t++) {
            clear(keyGradient, t);
            clear(valueGradient, t);
        }
        if (biasGradient != null) {
            for (int h = 0; h < heads; h++) {
                for (int c = 0; c < plan.workload().pattern().biasColumns(); c++) {
                    biasGradient.set(h, c, 0);
                }
            }
        }
    }

    private void clear(FloatTensor tensor, int row) {
        for (int h = 0; h < heads; h++) {
            for (int d = 0; d < headSize; d++) {
                tensor.set(row, h, d, 0);
            }
        }
    }
}
