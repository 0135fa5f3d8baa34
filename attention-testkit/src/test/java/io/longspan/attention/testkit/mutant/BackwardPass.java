package io.longspan.attention.testkit.mutant;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.AttentionPlan;
import io.longspan.attention.BackwardTensors;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TensorView;
import io.longspan.attention.TokenRole;
import org.jspecify.annotations.Nullable;

/** The kernel's backward pass: sums in float64, written at the end. */
final class BackwardPass {
    private final SequenceLayout layout;
    private final AttentionPattern pattern;
    private final int[] tokens;
    private final Flaw flaw;
    private final BackwardTensors tensors;
    private final KernelTensors inputs;
    private final @Nullable AttentionDropout dropout;
    private final double[] logSumExp;
    private final Strided outputGradient;
    private final double[] query;
    private final double[] key;
    private final double[] value;
    private final double[] bias;
    private final int headSize;
    private final int biasColumns;

    BackwardPass(
            AttentionPlan plan,
            Flaw flaw,
            BackwardTensors tensors,
            @Nullable AttentionDropout dropout,
            double[] logSumExp) {
        layout = plan.layout();
        pattern = ReferenceKernel.pattern(plan);
        tokens = ReferenceKernel.tokens(plan, flaw);
        this.flaw = flaw;
        this.tensors = tensors;
        this.dropout = dropout;
        this.logSumExp = logSumExp;
        inputs =
                KernelTensors.of(
                        flaw,
                        tensors.query(),
                        tensors.key(),
                        tensors.value(),
                        tensors.offsetBias());
        outputGradient = new Strided(tensors.outputGradient(), false);
        headSize = inputs.headSize();
        biasColumns = pattern.biasColumns();
        query = new double[(int) tensors.queryGradient().elements()];
        key = new double[(int) tensors.keyGradient().elements()];
        value = new double[(int) tensors.valueGradient().elements()];
        bias = new double[pattern.heads() * pattern.biasColumns() + 1];
    }

    void run() {
        KeyWalk walk = new KeyWalk(layout, pattern, flaw);
        for (int r = 0; r < tokens.length; r++) {
            for (int h = 0; h < pattern.heads(); h++) {
                if (walk.computes(tokens[r])) {
                    add(r, h);
                } else {
                    skip(r, h);
                }
            }
        }
        write(query, tensors.queryGradient());
        write(key, tensors.keyGradient());
        write(value, tensors.valueGradient());
        TensorView biasGradient = tensors.offsetBiasGradient();
        if (biasGradient != null) {
            write(bias, biasGradient);
        }
    }

    private void add(int r, int h) {
        RowPass pass = RowPass.of(inputs, layout, pattern, flaw, dropout, r, tokens[r], h);
        double lse = logSumExp[r * pattern.heads() + h];
        int count = pass.keys().size();
        double[] probabilities = pass.probabilities(lse);
        double[] ofProbability = new double[count];
        double mean = 0;
        for (int n = 0; n < count; n++) {
            KeyWalk.Key seen = pass.keys().get(n);
            if (seen.padded()) {
                continue;
            }
            double weight = probabilities[n] * pass.factor(n);
            double dot = 0;
            for (int d = 0; d < headSize; d++) {
                double gradient = outputGradient.get(r, h, d);
                dot += gradient * inputs.value().get(seen.token(), h, d);
                value[valueAt(seen.token(), h, d)] += weight * gradient;
            }
            ofProbability[n] = dot * pass.factor(n);
            mean += ofProbability[n] * probabilities[n];
        }
        if (flaw == Flaw.SOFTMAX_GRADIENT_WITHOUT_MEAN) {
            mean = 0;
        }
        for (int n = 0; n < count; n++) {
            if (!pass.keys().get(n).padded()) {
                double ofScore = probabilities[n] * (ofProbability[n] - mean);
                addOfScore(r, h, pass.keys().get(n), ofScore);
            }
        }
    }

    private void addOfScore(int r, int h, KeyWalk.Key seen, double ofScore) {
        double scale = flaw == Flaw.SCALE_MISSING ? 1 : pattern.scale();
        double queryScale = flaw == Flaw.QUERY_GRADIENT_WITHOUT_SCALE ? 1 : scale;
        boolean global = layout.role(seen.token()) == TokenRole.GLOBAL;
        boolean forgotten = global && flaw == Flaw.KEY_GRADIENT_FORGETS_GLOBALS;
        for (int d = 0; d < headSize; d++) {
            query[at(r, h, d)] += queryScale * ofScore * inputs.key().get(seen.token(), h, d);
            if (!forgotten) {
                key[at(seen.token(), h, d)] += scale * ofScore * inputs.query().get(r, h, d);
            }
        }
        if (seen.column() >= 0 && pattern.offsetBias()) {
            int shift = flaw == Flaw.BIAS_GRADIENT_SHIFTED_BY_ONE ? 1 : 0;
            bias[h * biasColumns + seen.column() + shift] += ofScore;
        }
    }

    /** What happens on rows that have no gradient: nothing, unless there is a flaw. */
    private void skip(int r, int h) {
        if (layout.role(tokens[r]) != TokenRole.GLOBAL) {
            return;
        }
        for (int d = 0; d < headSize; d++) {
            if (flaw == Flaw.QUERY_GRADIENT_NOT_ZERO_ON_GLOBAL_ROWS) {
                query[at(r, h, d)] = inputs.query().get(r, h, d);
            }
            if (flaw == Flaw.OUTPUT_GRADIENT_OF_GLOBAL_ROWS_TIMES_ZERO) {
                value[at(tokens[r], h, d)] += 0 * outputGradient.get(r, h, d);
            }
        }
    }

    private int valueAt(int token, int h, int d) {
        boolean swapped = flaw == Flaw.VALUE_GRADIENT_SWAPS_HEADS;
        return at(token, swapped ? pattern.heads() - 1 - h : h, d);
    }

    private int at(int row, int head, int component) {
        return (row * pattern.heads() + head) * headSize + component;
    }

    private void write(double[] sums, TensorView view) {
        Strided out = new Strided(view, false);
        int inner = view.rank() == 3 ? headSize : 1;
        int middle = (int) view.size(1);
        for (int i = 0; i < view.elements(); i++) {
            int d = i % inner;
            int h = i / inner % middle;
            int row = i / inner / middle;
            double before = flaw == Flaw.GRADIENTS_ADDED ? out.get(row, h, d) : 0;
            out.set(row, h, d, before + sums[i]);
        }
    }
}
