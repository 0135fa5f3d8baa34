package io.longspan.model.exact;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small random models, batches for them, and what is compared. */
final class TinyModels {
    static final int VOCABULARY = 97;

    /** What two ways to the same answer may differ by, of the largest value. */
    static final double SAME = 2e-6;

    private TinyModels() {}

    /** Three layers that see 4, 3 and 2 tokens to each side, with weights that choose. */
    static LongformerConfig threeWindows() {
        return windows(8, 6, 4);
    }

    static LongformerConfig windows(int... perLayer) {
        List<LayerAttention> attention =
                IntStream.of(perLayer).mapToObj(w -> LayerAttention.uniform(2, w)).toList();
        return new LongformerConfigBuilder(ModelType.LONGFORMER)
                .vocabSize(VOCABULARY)
                .hiddenSize(24)
                .layers(perLayer.length)
                .heads(2)
                .intermediateSize(40)
                .maxPositionEmbeddings(130)
                .initializerRange(0.2)
                .attention(attention)
                .build();
    }

    static Path write(LongformerConfig config, long seed, Path folder) {
        RandomCheckpoint.write(config, seed, folder, null, Progress.none());
        return folder;
    }

    static LongformerModel open(Path checkpoint, ExactSavings savings) {
        return LongformerModel.open(
                checkpoint,
                ModelOptions.defaults().withTask(Task.ENCODER).withSavings(savings),
                Progress.none());
    }

    /** Last hidden states of all tokens, [T * N]. */
    static float[] hidden(
            LongformerModel model, AttentionBackend backend, long[] ids, SequenceLayout layout) {
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = TokenBatch.of(model.config(), ids, layout);
            return TensorBridge.floats(model.encoder().forward(batch, backend, manager));
        }
    }

    static long[] ids(Random random, int count) {
        return random.longs(count, 5, VOCABULARY).toArray();
    }

    /** Sequences of the lengths with some tokens global and some masked, as the shares say. */
    static SequenceLayout roles(Random random, double global, double masked, int... lengths) {
        SequenceLayout local = SequenceLayout.allLocal(lengths);
        byte[] roles = local.roles();
        for (int t = 0; t < roles.length; t++) {
            double drawn = random.nextDouble();
            if (drawn < global) {
                roles[t] = TokenRole.GLOBAL.code();
            } else if (drawn < global + masked) {
                roles[t] = TokenRole.MASKED.code();
            }
        }
        return SequenceLayout.of(local.starts(), roles);
    }

    /** Rows of [T * N] by packed index. */
    static float[] rows(float[] hidden, int width, int... tokens) {
        float[] picked = new float[tokens.length * width];
        for (int r = 0; r < tokens.length; r++) {
            System.arraycopy(hidden, tokens[r] * width, picked, r * width, width);
        }
        return picked;
    }

    static double[] wide(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    static void same(String what, float[] actual, double[] expected, double tolerance) {
        assertThat(actual).as(what).hasSize(expected.length);
        double largest = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            assertThat(error <= tolerance * largest)
                    .as(
                            "%s: element %d is %s instead of %s, off by %.2e of %.2f",
                            what, i, actual[i], expected[i], error / largest, largest)
                    .isTrue();
        }
    }
}
