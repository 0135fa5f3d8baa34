package io.longspan.model.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.encoder.TrainingKernels;
import io.longspan.model.head.TokenLabels;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ways back that are written out against the engine's. */
final class WrittenGradientTest {
    private static final long SEED = 20261125;
    private static final int VOCABULARY = 211;

    /** More than a chunk of rows. */
    private static final int TOKENS = 1300;

    @TempDir Path folder;

    private record Step(double loss, Map<String, float[]> gradients) {}

    /** What a model is beside a plain one. */
    enum Kind {
        PLAIN,
        PRE_NORM,
        CAUSAL,
        DILATED,
        OFFSET_BIAS
    }

    /** Nine tokens of each batch are masked. */
    @ParameterizedTest(name = "{0}, {1} globals, dropout {2}")
    @CsvSource({
        "PLAIN, 0, 0",
        "PLAIN, 3, 0.2",
        "PRE_NORM, 3, 0.2",
        "PRE_NORM, 40, 0",
        "CAUSAL, 3, 0.2",
        "DILATED, 0, 0.2",
        "OFFSET_BIAS, 3, 0.2"
    })
    void everyGradientIsTheEngines(Kind kind, int globals, double rate) {
        System.out.println("seed " + SEED);
        Path checkpoint = checkpoint(kind);
        Step engine =
                step(
                        checkpoint,
                        TrainingKernels.engineOnly("for comparison"),
                        Activations.KEPT,
                        globals,
                        rate);
        Step written =
                step(checkpoint, TrainingKernels.open(), Activations.RECOMPUTED, globals, rate);
        assertThat(Math.abs(written.loss() - engine.loss())).isLessThan(1e-6 * engine.loss());
        assertThat(written.gradients().keySet()).isEqualTo(engine.gradients().keySet());
        double norm = 0;
        double error = 0;
        for (Map.Entry<String, float[]> entry : engine.gradients().entrySet()) {
            float[] got = written.gradients().get(entry.getKey());
            double own = 0;
            double off = 0;
            for (int i = 0; i < got.length; i++) {
                own += (double) entry.getValue()[i] * entry.getValue()[i];
                off += Math.pow((double) got[i] - entry.getValue()[i], 2);
            }
            // A key's bias shifts all scores of a row alike: its true gradient is zero.
            if (!entry.getKey().matches(".*\\.key(_global)?\\.bias")) {
                assertThat(own).as(entry.getKey()).isPositive();
                assertThat(Math.sqrt(off / own)).as(entry.getKey()).isLessThan(1e-5);
            }
            norm += own;
            error += off;
        }
        System.out.println("relative difference " + Math.sqrt(error / norm));
        assertThat(Math.sqrt(error / norm)).isLessThan(1e-6);
    }

    /** From nothing to everything of a layer, of some layers and of all. */
    @Test
    void noNumberDependsOnWhatIsKept() {
        Path checkpoint = checkpoint(Kind.PLAIN);
        Step kept = step(checkpoint, TrainingKernels.open(), Activations.KEPT, 3, 0.2);
        long row = (long) TOKENS * 48 * Float.BYTES;
        for (long bytes : new long[] {0, row, 3 * row, 7 * row, 15 * row, 100 * row}) {
            TrainingKernels kernels = TrainingKernels.open();
            kernels.keep(bytes);
            Step some = step(checkpoint, kernels, Activations.RECOMPUTED, 3, 0.2);
            assertThat(some.loss()).isEqualTo(kept.loss());
            assertThat(some.gradients()).containsExactlyEntriesOf(kept.gradients());
        }
    }

    /** Of batches of different size, so that gradients are added up and memory is used again. */
    private static Step step(
            Path checkpoint,
            TrainingKernels kernels,
            Activations activations,
            int globals,
            double rate) {
        try (AttentionBackend attention = Backends.of("fused");
                TrainableModel model =
                        TrainableModel.open(
                                checkpoint,
                                Task.MASKED_LM,
                                new DropoutRates(rate, rate),
                                kernels,
                                Progress.none())) {
            double loss = 0;
            for (int tokens : new int[] {90, TOKENS, 90}) {
                DropoutDraw draw = DropoutDraw.of(SEED, tokens, 5, 1L << 33);
                loss +=
                        model.lossAndGradients(
                                batch(model, tokens, globals),
                                attention,
                                1f / tokens,
                                activations,
                                draw);
            }
            Map<String, float[]> gradients = new TreeMap<>();
            for (Parameter parameter : model.parameters()) {
                parameter
                        .gradient()
                        .ifPresent(gradient ->
                                gradients.put(
                                        parameter.name(),
                                        gradient.toArray(ValueLayout.JAVA_FLOAT)));
            }
            return new Step(loss, gradients);
        }
    }

    private static LabelledBatch batch(TrainableModel model, int tokens, int globals) {
        Random random = new Random(SEED);
        long[] ids = random.longs(tokens, 5, VOCABULARY).toArray();
        int[] lengths = {tokens / 3, tokens - tokens / 3};
        byte[] roles = SequenceLayout.allLocal(lengths).roles();
        int[] special = random.ints(0, tokens).distinct().limit(globals + 9L).toArray();
        for (int i = 0; i < special.length; i++) {
            roles[special[i]] = (i < globals ? TokenRole.GLOBAL : TokenRole.MASKED).code();
        }
        SequenceLayout layout = SequenceLayout.of(new int[] {0, lengths[0], tokens}, roles);
        long[] rows = IntStream.range(0, tokens / 7).mapToLong(i -> 7L * i + 3).toArray();
        long[] labels = random.longs(rows.length, 5, VOCABULARY).toArray();
        return new LabelledBatch(
                TokenBatch.of(model.config(), ids, layout), new TokenLabels(rows, labels));
    }

    private Path checkpoint(Kind kind) {
        Path to = folder.resolve("model");
        LongformerConfigBuilder builder =
                new LongformerConfigBuilder(
                                kind == Kind.PLAIN ? ModelType.LONGFORMER : ModelType.LONGSPAN)
                        .vocabSize(VOCABULARY)
                        .hiddenSize(48)
                        .layers(3)
                        .heads(4)
                        .intermediateSize(100)
                        .maxPositionEmbeddings(TOKENS + 2)
                        .window(12)
                        .preLayerNorm(kind == Kind.PRE_NORM)
                        .causal(kind == Kind.CAUSAL)
                        .offsetBias(kind == Kind.OFFSET_BIAS);
        if (kind == Kind.DILATED) {
            LayerAttention layer = new LayerAttention(List.of(12, 12, 12, 12), List.of(1, 1, 2, 3));
            builder.attention(List.of(layer, layer, layer));
        }
        RandomCheckpoint.write(builder.build(), 11, to, null, Progress.none());
        return to;
    }
}
