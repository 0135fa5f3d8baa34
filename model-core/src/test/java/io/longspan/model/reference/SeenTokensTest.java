package io.longspan.model.reference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.config.ReceptiveField;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.LongformerEncoder;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LoadedWeights;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which states change when one token is another. */
final class SeenTokensTest {
    private static final int TOKENS = 90;
    private static final int HIDDEN = 24;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"loop", "fused"})
    void aTokenIsSeenExactlyAsFarAsTheReceptiveField(String backend) {
        LongformerConfig config = config(false);
        ReceptiveField.Reach reach = ReceptiveField.of(config).total();
        assertThat(reach).isEqualTo(new ReceptiveField.Reach(6 + 10, 8 + 6));
        int changed = 43;
        int[] others = changed(config, backend, changed, SequenceLayout.allLocal(TOKENS));
        assertThat(others[0]).isEqualTo((int) (changed - reach.right()));
        assertThat(others[others.length - 1]).isEqualTo((int) (changed + reach.left()));
    }

    /** Neither a window, nor a global key, nor a global row shows what comes later. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "fused"})
    void nothingIsSeenFromBehindInACausalModel(String backend) {
        LongformerConfig config = config(true);
        SequenceLayout layout = SequenceLayout.allLocal(TOKENS).withGlobals(0, 43, 44, 80);
        // A global token is seen by all that follow, and by none before.
        int[] afterGlobal = changed(config, backend, 43, layout);
        assertThat(afterGlobal).isEqualTo(IntStream.range(43, TOKENS).toArray());
        // A local one by its window, and through the next global token by all that follow it.
        int[] afterLocal = changed(config, backend, 50, layout);
        assertThat(afterLocal[0]).isEqualTo(50);
        assertThat(afterLocal).contains(IntStream.range(80, TOKENS).toArray()).doesNotContain(75);
    }

    /** Tokens whose last state is not the same when the token of one place is another. */
    private int[] changed(LongformerConfig config, String name, int place, SequenceLayout layout) {
        Path model = folder.resolve("model-" + System.nanoTime());
        RandomCheckpoint.write(config, 5, model, null, Progress.none());
        long[] ids = new long[TOKENS];
        Arrays.setAll(ids, t -> 5 + 7L * t % 40);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                AttentionBackend backend = Backends.of(name);
                Checkpoint opened = CheckpointFiles.open(model)) {
            LongformerEncoder encoder =
                    new LongformerEncoder(
                            new LoadedWeights(opened.names(), manager, Progress.none()), config);
            float[] before = states(encoder, config, ids, layout, backend, manager);
            ids[place] = 47;
            float[] after = states(encoder, config, ids, layout, backend, manager);
            return IntStream.range(0, TOKENS)
                    .filter(t ->
                            !Arrays.equals(
                                    before,
                                    t * HIDDEN,
                                    (t + 1) * HIDDEN,
                                    after,
                                    t * HIDDEN,
                                    (t + 1) * HIDDEN))
                    .toArray();
        }
    }

    private static float[] states(
            LongformerEncoder encoder,
            LongformerConfig config,
            long[] ids,
            SequenceLayout layout,
            AttentionBackend backend,
            NDManager manager) {
        return TensorBridge.floats(
                encoder.forward(TokenBatch.of(config, ids, layout), backend, manager));
    }

    /** Two layers whose three heads have dilations 1, 2 and 3. */
    private static LongformerConfig config(boolean causal) {
        List<Integer> dilations = List.of(1, 2, 3);
        List<Integer> nothing = List.of(0, 0, 0);
        List<Integer> first = List.of(1, 4, 2);
        List<Integer> second = List.of(0, 1, 2);
        return new LongformerConfigBuilder(ModelType.LONGSPAN)
                .vocabSize(50)
                .hiddenSize(HIDDEN)
                .layers(2)
                .heads(3)
                .intermediateSize(32)
                .maxPositionEmbeddings(TOKENS + 2)
                .initializerRange(0.3)
                .attention(
                        List.of(
                                new LayerAttention(
                                        List.of(3, 0, 2), causal ? nothing : first, dilations),
                                new LayerAttention(
                                        List.of(2, 5, 3), causal ? nothing : second, dilations)))
                .causal(causal)
                .offsetBias(true)
                .preLayerNorm(true)
                .build();
    }
}
