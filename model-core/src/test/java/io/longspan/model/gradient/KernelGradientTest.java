package io.longspan.model.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.TokenLabels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Gradients through a kernel against those that the engine finds by itself. */
final class KernelGradientTest {
    private static final int VOCABULARY = 211;
    private static final long SEED = 20261124;

    @TempDir Path folder;

    /** 40 globals are more than a head is wide: their keys are projected then, not folded away. */
    @ParameterizedTest
    @CsvSource({"0, 0", "3, 0", "0, 9", "3, 9", "40, 9"})
    void everyGradientIsThatOfChunks(int globals, int masked) {
        Path checkpoint = checkpoint(ModelType.LONGFORMER);
        Map<String, float[]> expected =
                gradients(checkpoint, "chunks", Activations.KEPT, globals, masked);
        Map<String, float[]> actual =
                gradients(checkpoint, "fused", Activations.KEPT, globals, masked);
        compare(actual, expected);
        assertThat(expected.keySet().stream().anyMatch(name -> name.contains("_global")))
                .isEqualTo(globals > 0);
    }

    /** In a RoBERTa the rows of masked tokens are computed from the projections by the layer. */
    @Test
    void everyGradientOfARobertaWithMaskedTokensIsThatOfChunks() {
        Path checkpoint = checkpoint(ModelType.ROBERTA);
        compare(
                gradients(checkpoint, "fused", Activations.KEPT, 0, 9),
                gradients(checkpoint, "chunks", Activations.KEPT, 0, 9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunks", "fused"})
    void recomputedLayersGiveTheSameGradientsBitForBit(String backend) {
        Path checkpoint = checkpoint(ModelType.LONGFORMER);
        Map<String, float[]> kept = gradients(checkpoint, backend, Activations.KEPT, 3, 9);
        Map<String, float[]> again = gradients(checkpoint, backend, Activations.RECOMPUTED, 3, 9);
        assertThat(again).containsExactlyEntriesOf(kept);
    }

    private static Map<String, float[]> gradients(
            Path checkpoint, String backend, Activations activations, int globals, int masked) {
        Random random = new Random(SEED);
        try (AttentionBackend attention = Backends.of(backend);
                TrainableModel model = TrainableModel.open(checkpoint, Progress.none())) {
            sharpen(model);
            long[] ids = random.longs(90, 5, VOCABULARY).toArray();
            int[] special = random.ints(0, 90).distinct().limit((long) globals + masked).toArray();
            byte[] roles = SequenceLayout.allLocal(57, 33).roles();
            for (int i = 0; i < special.length; i++) {
                roles[special[i]] = (i < globals ? TokenRole.GLOBAL : TokenRole.MASKED).code();
            }
            SequenceLayout layout = SequenceLayout.of(new int[] {0, 57, 90}, roles);
            // Every seventh row, whatever its role.
            long[] rows = IntStream.range(0, 12).mapToLong(i -> 7L * i + 3).toArray();
            long[] labels = random.longs(rows.length, 5, VOCABULARY).toArray();
            LabelledBatch batch =
                    new LabelledBatch(
                            TokenBatch.of(model.config(), ids, layout),
                            new TokenLabels(rows, labels));
            model.lossAndGradients(batch, attention, 1, activations);
            Map<String, float[]> gradients = new TreeMap<>();
            for (Parameter parameter : model.parameters()) {
                parameter
                        .gradient()
                        .ifPresent(gradient ->
                                gradients.put(
                                        parameter.name(),
                                        gradient.toArray(ValueLayout.JAVA_FLOAT)));
            }
            return gradients;
        }
    }

    /** Fresh weights attend to everything alike; larger ones choose. */
    private static void sharpen(TrainableModel model) {
        for (Parameter parameter : model.parameters()) {
            if (parameter.name().contains(".attention.")
                    && parameter.name().endsWith(".weight")
                    && parameter.shape().size() == 2) {
                MemorySegment values = parameter.values();
                for (int i = 0; i < parameter.elements(); i++) {
                    values.setAtIndex(
                            ValueLayout.JAVA_FLOAT,
                            i,
                            10 * values.getAtIndex(ValueLayout.JAVA_FLOAT, i));
                }
            }
        }
    }

    private static void compare(Map<String, float[]> actual, Map<String, float[]> expected) {
        System.out.println("seed " + SEED);
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        double worst = 0;
        for (Map.Entry<String, float[]> entry : expected.entrySet()) {
            double norm = 0;
            double error = 0;
            float[] got = actual.get(entry.getKey());
            for (int i = 0; i < got.length; i++) {
                norm += (double) entry.getValue()[i] * entry.getValue()[i];
                error += Math.pow((double) got[i] - entry.getValue()[i], 2);
            }
            // A key's bias shifts all scores of a row alike: its true gradient is zero.
            boolean nothing = entry.getKey().matches(".*\\.key(_global)?\\.bias");
            double allowed = nothing ? 1e-5 : 5e-5 * Math.sqrt(norm);
            assertThat(Math.sqrt(error)).as(entry.getKey()).isLessThanOrEqualTo(allowed);
            if (!nothing) {
                assertThat(norm).as(entry.getKey()).isPositive();
                worst = Math.max(worst, Math.sqrt(error / norm));
            }
        }
        System.out.println("largest relative difference " + worst);
    }

    private Path checkpoint(ModelType type) {
        LongformerConfigBuilder builder =
                new LongformerConfigBuilder(type)
                        .vocabSize(VOCABULARY)
                        .hiddenSize(48)
                        .layers(3)
                        .heads(4)
                        .intermediateSize(96)
                        .maxPositionEmbeddings(130);
        if (type == ModelType.LONGFORMER) {
            builder.window(12);
        }
        Path to = folder.resolve(type.name());
        RandomCheckpoint.write(builder.build(), 11, to, null, Progress.none());
        return to;
    }
}
