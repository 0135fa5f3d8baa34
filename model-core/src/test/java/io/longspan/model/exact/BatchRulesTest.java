package io.longspan.model.exact;

import static io.longspan.model.exact.TinyModels.SAME;
import static io.longspan.model.exact.TinyModels.hidden;
import static io.longspan.model.exact.TinyModels.ids;
import static io.longspan.model.exact.TinyModels.rows;
import static io.longspan.model.exact.TinyModels.same;
import static io.longspan.model.exact.TinyModels.wide;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.Backends;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.infer.BatchTensors;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands beside a sequence, and how its end is written down, changes nothing of it. */
final class BatchRulesTest {
    private static final long SEED = 4150;
    private static final long PAD = 1;

    @TempDir Path folder;
    private Path checkpoint;

    @BeforeEach
    void writeModel() {
        checkpoint = TinyModels.write(TinyModels.threeWindows(), SEED, folder.resolve("model"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void aBatchEqualsEachOfItsSequencesAlone(String backend) {
        Random random = new Random(SEED);
        SequenceLayout layout = TinyModels.roles(random, 0.1, 0.2, 37, 1, 8, 64, 2, 9, 17);
        long[] ids = ids(random, layout.tokens());
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = open()) {
            float[] together = hidden(model, attention, ids, layout);
            for (int b = 0; b < layout.sequences(); b++) {
                int start = layout.start(b);
                int end = layout.end(b);
                byte[] roles = Arrays.copyOfRange(layout.roles(), start, end);
                float[] alone =
                        hidden(
                                model,
                                attention,
                                Arrays.copyOfRange(ids, start, end),
                                SequenceLayout.of(new int[] {0, end - start}, roles));
                same(
                        backend + ", sequence " + b + ", seed " + SEED,
                        rows(
                                together,
                                model.config().hiddenSize(),
                                IntStream.range(start, end).toArray()),
                        wide(alone),
                        SAME);
            }
        }
    }

    /** Pads behind, pads in front, and no pad. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void paddedInputEqualsPackedInputWhereThereIsNoPad(String backend) {
        Random random = new Random(SEED);
        int[] lengths = {11, 17, 5, 30};
        int[] before = {0, 13, 7, 0};
        int longest = 30;
        long[] padded = new long[lengths.length * longest];
        long[] seen = new long[padded.length];
        long[] global = new long[padded.length];
        Arrays.fill(padded, PAD);
        List<Integer> places = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            for (int i = 0; i < lengths[b]; i++) {
                int place = b * longest + before[b] + i;
                padded[place] = 5L + random.nextInt(TinyModels.VOCABULARY - 5);
                seen[place] = 1;
                global[place] = i % 9 == 4 ? 1 : 0;
                places.add(place);
            }
        }
        int[] real = places.stream().mapToInt(Integer::intValue).toArray();
        int[] globals = IntStream.range(0, real.length).filter(i -> global[real[i]] == 1).toArray();
        SequenceLayout packed = SequenceLayout.allLocal(lengths).withGlobals(globals);
        long[] packedIds = IntStream.of(real).mapToLong(place -> padded[place]).toArray();
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = open()) {
            float[] ofPadded = run(model, attention, longest, padded, seen, global);
            same(
                    backend + ", seed " + SEED,
                    rows(ofPadded, model.config().hiddenSize(), real),
                    wide(hidden(model, attention, packedIds, packed)),
                    SAME);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void noMaskIsAMaskOfOnes(String backend) {
        long[] ids = ids(new Random(SEED), 44);
        long[] ones = LongStream.generate(() -> 1).limit(44).toArray();
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = open()) {
            assertThat(run(model, attention, 22, ids, null, null))
                    .as("seed %d", SEED)
                    .containsExactly(run(model, attention, 22, ids, ones, new long[44]));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void maskedBeatsGlobal(String backend) {
        Random random = new Random(SEED);
        long[] ids = ids(random, 44);
        long[] seen = random.longs(44, 0, 2).toArray();
        long[] global = random.longs(44, 0, 2).toArray();
        long[] globalWhereSeen =
                IntStream.range(0, 44).mapToLong(t -> seen[t] * global[t]).toArray();
        assertThat(globalWhereSeen).isNotEqualTo(global);
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = open()) {
            assertThat(run(model, attention, 22, ids, seen, global))
                    .as("seed %d", SEED)
                    .containsExactly(run(model, attention, 22, ids, seen, globalWhereSeen));
        }
    }

    /** What a masked token is does not matter to any other. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void nobodyReadsAMaskedToken(String backend) {
        Random random = new Random(SEED);
        SequenceLayout layout = TinyModels.roles(random, 0.1, 0.3, 40, 23);
        int[] seen =
                IntStream.range(0, 63).filter(t -> layout.role(t) != TokenRole.MASKED).toArray();
        long[] ids = ids(random, 63);
        long[] others = ids.clone();
        for (int t = 0; t < 63; t++) {
            others[t] = layout.role(t) == TokenRole.MASKED ? 5 + (ids[t] + 1) % 80 : ids[t];
        }
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = open()) {
            int width = model.config().hiddenSize();
            float[] one = hidden(model, attention, ids, layout);
            float[] other = hidden(model, attention, others, layout);
            assertThat(other).isNotEqualTo(one);
            assertThat(rows(other, width, seen))
                    .as("seed %d", SEED)
                    .containsExactly(rows(one, width, seen));
        }
    }

    private LongformerModel open() {
        return TinyModels.open(checkpoint, ExactSavings.all());
    }

    private float[] run(
            LongformerModel model,
            AttentionBackend attention,
            int length,
            long[] ids,
            long[] mask,
            long[] global) {
        Path file = folder.resolve("inputs.safetensors");
        int count = ids.length / length;
        List<OutgoingTensor> tensors = new ArrayList<>();
        tensors.add(OutgoingTensor.of("input_ids", ids, count, length));
        if (mask != null) {
            tensors.add(OutgoingTensor.of("attention_mask", mask, count, length));
            tensors.add(OutgoingTensor.of("global_attention_mask", global, count, length));
        }
        SafetensorsWriter.write(file, tensors);
        try (SafetensorsFile source = SafetensorsFile.open(file);
                NDManager manager = model.newManager()) {
            BatchTensors batch = BatchTensors.read(source, model.config());
            return TensorBridge.floats(model.encoder().forward(batch.tokens(), attention, manager));
        }
    }
}
