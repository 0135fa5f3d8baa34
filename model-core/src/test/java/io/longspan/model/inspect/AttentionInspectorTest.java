package io.longspan.model.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.attention.testkit.oracle.AttentionOracle;
import io.longspan.attention.testkit.oracle.AttentionProblem;
import io.longspan.model.Backends;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.LayerProbe;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.BatchTensors;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the weights that transformers returns, slot by slot, and by what weights have to be. */
final class AttentionInspectorTest {
    private static final double TOLERANCE = 2e-6;
    private static final long SEED = 57;

    @ParameterizedTest
    @CsvSource({
        "encoder-global-many,loop",
        "encoder-global-many,fused",
        "encoder-masked-middle,chunks"
    })
    void everyWeightIsThatOfTransformers(String name, String backend) {
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = open(name);
                SafetensorsFile golden = file(name, "attentions.safetensors")) {
            TokenBatch batch = batch(name, model).tokens();
            AttentionInspector inspector = new AttentionInspector(model, attention);
            SequenceLayout layout = batch.layout();
            List<Integer> heads = upTo(model.config().heads());
            for (int layer = 0; layer < model.config().layers(); layer++) {
                Golden expected = new Golden(golden, layer, layout);
                int reach = model.config().pattern(layer).maxLeft();
                for (AttendedRow row : inspector.rows(batch, layer, heads, upTo(layout.tokens()))) {
                    Map<Integer, Double> weights =
                            switch (row.role()) {
                                case LOCAL -> expected.local(row, reach);
                                case GLOBAL -> expected.global(row);
                                case MASKED -> Map.of();
                            };
                    String what = name + ", layer " + layer + ", " + row;
                    assertThat(positions(row.keys())).as(what).containsAll(weights.keySet());
                    for (AttendedKey key : row.keys()) {
                        assertThat((double) key.weight())
                                .as("%s at %d", what, key.position())
                                .isCloseTo(
                                        weights.getOrDefault(key.position(), 0.0),
                                        within(TOLERANCE));
                    }
                }
            }
        }
    }

    @Test
    void weightsOfARowAddUpToOneAndMaskedRowsSeeNothing() {
        try (AttentionBackend attention = Backends.of("loop");
                LongformerModel model = open("encoder-masked-middle")) {
            TokenBatch batch = batch("encoder-masked-middle", model).tokens();
            List<AttendedRow> rows =
                    new AttentionInspector(model, attention)
                            .rows(batch, 1, List.of(2), upTo(batch.layout().tokens()));
            assertThat(rows).extracting(AttendedRow::role).contains(TokenRole.values());
            for (AttendedRow row : rows) {
                double sum = row.keys().stream().mapToDouble(AttendedKey::weight).sum();
                assertThat(sum)
                        .as("%s", row)
                        .isCloseTo(row.role() == TokenRole.MASKED ? 0 : 1, within(1e-5));
                assertThat(positions(row.keys())).isSorted().doesNotHaveDuplicates();
            }
        }
    }

    /** In a RoBERTa a masked token is hidden as a key only. */
    @Test
    void everyRowOfARobertaSeesEveryUnmaskedToken() {
        try (AttentionBackend attention = Backends.of("chunks");
                LongformerModel model = open("roberta-padded")) {
            TokenBatch batch = batch("roberta-padded", model).tokens();
            SequenceLayout layout = batch.layout();
            for (AttendedRow row :
                    new AttentionInspector(model, attention)
                            .rows(batch, 0, List.of(0), upTo(layout.tokens()))) {
                int start = layout.start(row.sequence());
                assertThat(positions(row.keys()))
                        .containsExactlyElementsOf(
                                IntStream.range(start, layout.end(row.sequence()))
                                        .filter(t -> layout.role(t) != TokenRole.MASKED)
                                        .map(t -> t - start)
                                        .boxed()
                                        .toList());
            }
        }
    }

    /**
     * Offset bias, windows and dilation by head, causal or not: values that differ by position are
     * mixed by the weights as the float64 oracle mixes them.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void weightsMixValuesAsTheOracleDoesWithEveryExtension(boolean causal, @TempDir Path folder) {
        LayerAttention seen = new LayerAttention(List.of(8, 4), List.of(1, 3));
        LongformerConfig config =
                new LongformerConfigBuilder(ModelType.LONGSPAN)
                        .vocabSize(97)
                        .hiddenSize(24)
                        .layers(2)
                        .heads(2)
                        .intermediateSize(40)
                        .maxPositionEmbeddings(66)
                        .initializerRange(0.3)
                        .attention(List.of(seen, seen))
                        .preLayerNorm(true)
                        .offsetBias(true)
                        .causal(causal)
                        .build();
        Path checkpoint = folder.resolve("model");
        RandomCheckpoint.write(config, SEED, checkpoint, null, Progress.none());
        SequenceLayout local = SequenceLayout.allLocal(40, 9).withGlobals(3, 20, 41);
        byte[] roles = local.roles();
        roles[7] = TokenRole.MASKED.code();
        SequenceLayout layout = SequenceLayout.of(local.starts(), roles);
        long[] ids = new Random(SEED).longs(49, 5, 97).toArray();
        try (AttentionBackend attention = Backends.of("loop");
                LongformerModel model = LongformerModel.open(checkpoint, Progress.none());
                NDManager manager = model.newManager()) {
            TokenBatch batch = TokenBatch.of(config, ids, layout);
            int[] every = IntStream.range(0, 49).toArray();
            LayerProbe probe = model.encoder().probe(batch, 1, every, attention, manager);
            float[] values = new float[49 * 24];
            for (int i = 0; i < values.length; i++) {
                int token = i / 24;
                values[i] = (float) Math.cos(i * 0.7 + token * 1.3);
            }
            double[] expected =
                    AttentionOracle.forward(
                                    new AttentionProblem(
                                            layout,
                                            probe.pattern(),
                                            12,
                                            QueryRows.all(),
                                            null,
                                            TensorBridge.floats(probe.query()),
                                            TensorBridge.floats(probe.key()),
                                            values,
                                            TensorBridge.floats(probe.offsetBias().orElseThrow())))
                            .output();
            int checked = 0;
            for (AttendedRow row :
                    new AttentionInspector(model, attention)
                            .rows(batch, 1, List.of(0, 1), upTo(49))) {
                if (row.role() != TokenRole.LOCAL) {
                    continue;
                }
                int start = layout.start(row.sequence());
                for (int d = row.head() * 12; d < row.head() * 12 + 12; d++) {
                    double mixed = 0;
                    for (AttendedKey key : row.keys()) {
                        mixed += (double) key.weight() * values[(start + key.position()) * 24 + d];
                    }
                    assertThat(mixed)
                            .as("%s, column %d, seed %d", row, d, SEED)
                            .isCloseTo(expected[(start + row.position()) * 24 + d], within(2e-6));
                    checked++;
                }
            }
            assertThat(checked).isEqualTo(45 * 24);
        }
    }

    @Test
    void theStrongestComeFirst() {
        AttendedRow row =
                new AttendedRow(
                        0,
                        0,
                        1,
                        TokenRole.LOCAL,
                        List.of(
                                new AttendedKey(0, 0.2f),
                                new AttendedKey(1, 0.5f),
                                new AttendedKey(2, 0.2f),
                                new AttendedKey(3, 0.1f)));
        assertThat(positions(row.strongest(3))).containsExactly(1, 0, 2);
        assertThat(row.strongest(9)).hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 3})
    void aLayerThatIsNotThereIsRefused(int layer) {
        try (AttentionBackend attention = Backends.of("loop");
                LongformerModel model = open("encoder-local")) {
            TokenBatch batch = batch("encoder-local", model).tokens();
            AttentionInspector inspector = new AttentionInspector(model, attention);
            assertThatThrownBy(() -> inspector.rows(batch, layer, List.of(0), List.of(0)))
                    .isInstanceOf(ModelInputException.class)
                    .hasMessage("layer is " + layer + "; there are 3, so name one from 0 to 2");
            assertThatThrownBy(() -> inspector.rows(batch, 0, List.of(4), List.of(0)))
                    .hasMessageContaining("head is 4");
            assertThatThrownBy(() -> inspector.rows(batch, 0, List.of(0), List.of(999)))
                    .hasMessageContaining("token is 999");
            assertThat(inspector.rows(batch, 0, List.of(0), List.of())).isEmpty();
        }
    }

    /** One layer's weights in transformers' layout. */
    private static final class Golden {
        private final SequenceLayout layout;
        private final float[] local;
        private final float[] global;
        private final long heads;
        private final long length;
        private final int columns;
        private final long padded;
        private final int mostGlobals;

        Golden(SafetensorsFile file, int layer, SequenceLayout layout) {
            this.layout = layout;
            List<Long> shape = file.info("attentions." + layer).shape();
            heads = shape.get(1);
            length = shape.get(2);
            columns = shape.get(3).intValue();
            local = file.get("attentions." + layer).toFloats();
            padded = file.info("global_attentions." + layer).shape().get(2);
            mostGlobals = file.info("global_attentions." + layer).shape().get(3).intValue();
            global = file.get("global_attentions." + layer).toFloats();
        }

        /** Global keys first, then the window, this token in its middle. */
        Map<Integer, Double> local(AttendedRow row, int reach) {
            int start = layout.start(row.sequence());
            int[] globals = layout.globals(row.sequence());
            long first =
                    ((row.sequence() * heads + row.head()) * length + row.position()) * columns;
            Map<Integer, Double> weights = new TreeMap<>();
            for (int c = 0; c < columns; c++) {
                float weight = local[(int) (first + c)];
                if (weight == 0) {
                    continue;
                }
                int position =
                        c < mostGlobals
                                ? globals[c] - start
                                : row.position() + c - mostGlobals - reach;
                assertThat(weights.put(position, (double) weight)).isNull();
            }
            return weights;
        }

        Map<Integer, Double> global(AttendedRow row) {
            int start = layout.start(row.sequence());
            int[] globals = layout.globals(row.sequence());
            int index = Arrays.binarySearch(globals, start + row.position());
            Map<Integer, Double> weights = new TreeMap<>();
            for (int j = 0; j < length; j++) {
                long at =
                        ((row.sequence() * heads + row.head()) * padded + j) * mostGlobals + index;
                float weight = global[(int) at];
                if (weight != 0) {
                    weights.put(j, (double) weight);
                }
            }
            return weights;
        }
    }

    private static List<Integer> positions(List<AttendedKey> keys) {
        return keys.stream().map(AttendedKey::position).collect(Collectors.toList());
    }

    private static List<Integer> upTo(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    private static LongformerModel open(String name) {
        return LongformerModel.open(path(name), Progress.none());
    }

    private static BatchTensors batch(String name, LongformerModel model) {
        try (SafetensorsFile inputs = file(name, "inputs.safetensors")) {
            return BatchTensors.read(inputs, model.setup());
        }
    }

    private static SafetensorsFile file(String name, String file) {
        return SafetensorsFile.open(path(name).resolve(file));
    }

    private static Path path(String name) {
        try {
            return Path.of(AttentionInspectorTest.class.getResource("/fixtures/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
