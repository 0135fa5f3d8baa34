package io.longspan.model.exact;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * The whole encoder in float64, token by token, from the definition: nothing is shared with the
 * code that is tested but the reading of the checkpoint.
 */
final class OracleEncoder {
    private final LongformerConfig config;
    private final Map<String, float[]> weights = new HashMap<>();

    OracleEncoder(Path checkpoint) {
        try (Checkpoint opened = CheckpointFiles.open(checkpoint)) {
            config = opened.config();
            TensorNames names = opened.names();
            names.canonical().forEach(name -> weights.put(name, names.get(name).toFloats()));
        }
    }

    /** Last hidden states, [T * N], of a Longformer. */
    double[] forward(long[] ids, SequenceLayout layout) {
        double[][] x = embed(ids, layout);
        for (int layer = 0; layer < config.layers(); layer++) {
            double[][] context = new double[ids.length][];
            for (int b = 0; b < layout.sequences(); b++) {
                int start = layout.start(b);
                int end = layout.end(b);
                for (int i = start; i < end; i++) {
                    int row = i;
                    int reach = config.attention().get(layer).windows().get(0) / 2;
                    context[i] =
                            switch (layout.role(i)) {
                                case MASKED -> new double[config.hiddenSize()];
                                case GLOBAL ->
                                        attend(
                                                x,
                                                layer,
                                                "_global",
                                                i,
                                                start,
                                                end,
                                                j -> layout.role(j) != TokenRole.MASKED);
                                case LOCAL ->
                                        attend(
                                                x,
                                                layer,
                                                "",
                                                i,
                                                start,
                                                end,
                                                j ->
                                                        layout.role(j) == TokenRole.GLOBAL
                                                                || (layout.role(j)
                                                                                == TokenRole.LOCAL
                                                                        && Math.abs(j - row)
                                                                                <= reach));
                            };
                }
            }
            x = finish(x, context, layer);
        }
        return flat(x);
    }

    /**
     * Last hidden states, [L * N], of one sequence in which every token sees every token.
     *
     * @param suffix of the projections: empty or {@code _global}
     */
    double[] dense(long[] ids, String suffix) {
        double[][] x = embed(ids, SequenceLayout.allLocal(ids.length));
        for (int layer = 0; layer < config.layers(); layer++) {
            double[][] context = new double[ids.length][];
            for (int i = 0; i < ids.length; i++) {
                context[i] = attend(x, layer, suffix, i, 0, ids.length, j -> true);
            }
            x = finish(x, context, layer);
        }
        return flat(x);
    }

    private double[][] embed(long[] ids, SequenceLayout layout) {
        int hidden = config.hiddenSize();
        int pad = config.ids().pad();
        double[][] x = new double[ids.length][hidden];
        for (int b = 0; b < layout.sequences(); b++) {
            int seen = 0;
            for (int t = layout.start(b); t < layout.end(b); t++) {
                int position = ids[t] == pad ? pad : pad + ++seen;
                for (int n = 0; n < hidden; n++) {
                    x[t][n] =
                            at("embeddings.word_embeddings.weight", (int) ids[t] * hidden + n)
                                    + at(
                                            "embeddings.position_embeddings.weight",
                                            position * hidden + n)
                                    + at("embeddings.token_type_embeddings.weight", n);
                }
                x[t] = norm(x[t], "embeddings.LayerNorm");
            }
        }
        return x;
    }

    private double[] attend(
            double[][] x,
            int layer,
            String suffix,
            int row,
            int start,
            int end,
            IntPredicate sees) {
        String name = "encoder.layer." + layer + ".attention.self.";
        int size = config.headSize();
        double[] query = linear(x[row], name + "query" + suffix);
        double[] context = new double[config.hiddenSize()];
        double[] total = new double[config.heads()];
        for (int j = start; j < end; j++) {
            if (!sees.test(j)) {
                continue;
            }
            double[] key = linear(x[j], name + "key" + suffix);
            double[] value = linear(x[j], name + "value" + suffix);
            for (int h = 0; h < config.heads(); h++) {
                double score = 0;
                for (int d = h * size; d < (h + 1) * size; d++) {
                    score += query[d] * key[d];
                }
                double weight = Math.exp(score / Math.sqrt(size));
                total[h] += weight;
                for (int d = h * size; d < (h + 1) * size; d++) {
                    context[d] += weight * value[d];
                }
            }
        }
        for (int d = 0; d < context.length; d++) {
            context[d] /= total[d / size];
        }
        return context;
    }

    private double[][] finish(double[][] x, double[][] context, int layer) {
        String name = "encoder.layer." + layer;
        double[][] out = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] attended =
                    norm(
                            sum(x[t], linear(context[t], name + ".attention.output.dense")),
                            name + ".attention.output.LayerNorm");
            double[] inner = linear(attended, name + ".intermediate.dense");
            for (int f = 0; f < inner.length; f++) {
                inner[f] = inner[f] * 0.5 * (1 + erf(inner[f] / Math.sqrt(2)));
            }
            out[t] =
                    norm(
                            sum(attended, linear(inner, name + ".output.dense")),
                            name + ".output.LayerNorm");
        }
        return out;
    }

    private double[] linear(double[] x, String name) {
        float[] weight = weights.get(name + ".weight");
        double[] y = new double[weight.length / x.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = at(name + ".bias", o);
            for (int i = 0; i < x.length; i++) {
                y[o] += weight[o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private double[] norm(double[] x, String name) {
        double mean = 0;
        double variance = 0;
        for (double value : x) {
            mean += value / x.length;
        }
        for (double value : x) {
            variance += (value - mean) * (value - mean) / x.length;
        }
        double[] y = new double[x.length];
        for (int n = 0; n < x.length; n++) {
            y[n] =
                    (x[n] - mean)
                                    / Math.sqrt(variance + config.layerNormEps())
                                    * at(name + ".weight", n)
                            + at(name + ".bias", n);
        }
        return y;
    }

    /** By the series without cancellation: 2/sqrt(pi) exp(-x^2) sum 2^n x^(2n+1) / (2n+1)!!. */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double sum = 0;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 400; n++) {
            sum += term;
            term *= 2 * x * x / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    private double at(String name, int index) {
        return weights.get(name)[index];
    }

    private static double[] sum(double[] a, double[] b) {
        double[] sum = a.clone();
        for (int i = 0; i < b.length; i++) {
            sum[i] += b[i];
        }
        return sum;
    }

    private static double[] flat(double[][] x) {
        double[] flat = new double[x.length * x[0].length];
        for (int t = 0; t < x.length; t++) {
            System.arraycopy(x[t], 0, flat, t * x[0].length, x[0].length);
        }
        return flat;
    }
}
