package io.longspan.model.reference;

import static io.longspan.model.reference.ReferenceMath.gelu;
import static io.longspan.model.reference.ReferenceMath.sum;

import io.longspan.attention.DropoutMask;
import io.longspan.attention.Philox;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.TokenBatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A masked language model with weights in float64 that may be changed between calls. */
final class ReferenceModel {
    private static final int EMBEDDINGS = 0;
    private static final int ATTENTION_OUTPUT = 1;
    private static final int FEED_FORWARD_OUTPUT = 2;

    private final LongformerConfig config;
    private final ReferenceMath math;
    private final int width;

    ReferenceModel(LongformerConfig config, Map<String, double[]> weights) {
        this.config = config;
        math = new ReferenceMath(weights, (float) config.layerNormEps());
        width = config.hiddenSize();
    }

    /** The last hidden states, [T][N]. */
    double[][] states(TokenBatch batch, @Nullable DropoutDraw draw) {
        double[][] all = new double[batch.layout().tokens()][];
        for (int b = 0; b < batch.layout().sequences(); b++) {
            double[][] one = new Sequence(batch, b, draw).run();
            System.arraycopy(one, 0, all, batch.layout().start(b), one.length);
        }
        return all;
    }

    /** Sum of the cross-entropy of some tokens. */
    double loss(TokenBatch batch, long[] rows, long[] labels, @Nullable DropoutDraw draw) {
        double[][] states = states(batch, draw);
        double[] table = math.weights().get("embeddings.word_embeddings.weight");
        double[] bias = math.weights().get("lm_head.bias");
        double loss = 0;
        for (int r = 0; r < rows.length; r++) {
            double[] dense = gelu(math.linear("lm_head.dense", states[(int) rows[r]]));
            double[] features = math.norm("lm_head.layer_norm", dense);
            double[] scores = bias.clone();
            double total = 0;
            for (int v = 0; v < scores.length; v++) {
                for (int i = 0; i < width; i++) {
                    scores[v] += table[v * width + i] * features[i];
                }
                total += Math.exp(scores[v]);
            }
            loss += Math.log(total) - scores[(int) labels[r]];
        }
        return loss;
    }

    /** One sequence on its own. */
    private final class Sequence {
        private final TokenBatch batch;
        private final int index;
        private final int start;
        private final TokenRole[] roles;
        private final @Nullable DropoutDraw draw;

        Sequence(TokenBatch batch, int index, @Nullable DropoutDraw draw) {
            SequenceLayout layout = batch.layout();
            this.batch = batch;
            this.index = index;
            this.draw = draw;
            start = layout.start(index);
            roles = new TokenRole[layout.length(index)];
            for (int t = 0; t < roles.length; t++) {
                roles[t] = layout.role(start + t);
            }
        }

        double[][] run() {
            double[][] states = new double[roles.length][];
            for (int t = 0; t < states.length; t++) {
                double[] word = row("word", batch.ids()[start + t]);
                double[] position = row("position", batch.positions()[start + t]);
                double[] type = row("token_type", batch.types()[start + t]);
                double[] all = sum(sum(word, position), type);
                states[t] = dropped(math.norm("embeddings.LayerNorm", all), t, 0, EMBEDDINGS);
            }
            for (int layer = 0; layer < config.layers(); layer++) {
                states = layer(layer, states);
            }
            if (config.preLayerNorm()) {
                for (int t = 0; t < states.length; t++) {
                    states[t] = math.norm("encoder.LayerNorm", states[t]);
                }
            }
            return states;
        }

        private double[] row(String table, long index) {
            return math.tableRow("embeddings." + table + "_embeddings.weight", index, width);
        }

        private double[][] layer(int layer, double[][] input) {
            String name = "encoder.layer." + layer;
            String first = name + ".attention.output.LayerNorm";
            String second = name + ".output.LayerNorm";
            boolean pre = config.preLayerNorm();
            double[][] read = new double[input.length][];
            for (int t = 0; t < read.length; t++) {
                read[t] = pre ? math.norm(first, input[t]) : input[t];
            }
            DropoutMask mask =
                    draw == null
                            ? null
                            : draw.attention(layer).mask(index, (float) config.attentionDropout());
            double[][] context =
                    new ReferenceAttention(
                                    math,
                                    config.pattern(layer),
                                    read,
                                    roles,
                                    name + ".attention.self",
                                    mask)
                            .rows();
            double[][] out = new double[input.length][];
            for (int t = 0; t < out.length; t++) {
                double[] added = math.linear(name + ".attention.output.dense", context[t]);
                double[] attended = sum(input[t], dropped(added, t, layer, ATTENTION_OUTPUT));
                attended = pre ? attended : math.norm(first, attended);
                double[] narrow = pre ? math.norm(second, attended) : attended;
                double[] inner = gelu(math.linear(name + ".intermediate.dense", narrow));
                double[] more = math.linear(name + ".output.dense", inner);
                double[] sum = sum(attended, dropped(more, t, layer, FEED_FORWARD_OUTPUT));
                out[t] = pre ? sum : math.norm(second, sum);
            }
            return out;
        }

        private double[] dropped(double[] row, int t, int layer, int site) {
            if (draw == null) {
                return row;
            }
            long key = Philox.derive(draw.seed(), draw.step(), 1);
            key = Philox.derive(key, 256L * layer + site, 3);
            long sample = draw.sampleIds().get(index);
            long limit = Math.round(config.hiddenDropout() * 65536);
            double[] out = row.clone();
            for (int column = 0; column < row.length; column++) {
                int[] words = new int[4];
                Philox.draw(key, column / 8, t, (int) (sample >> 32) << 16, (int) sample, words);
                int half = words[column % 8 / 2] >>> (column % 2 == 0 ? 0 : 16) & 0xFFFF;
                out[column] *= half < limit ? 0 : 65536.0 / (65536 - limit);
            }
            return out;
        }
    }
}
