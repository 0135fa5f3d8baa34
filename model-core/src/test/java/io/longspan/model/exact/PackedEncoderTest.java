package io.longspan.model.exact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import com.sun.management.ThreadMXBean;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.attention.fused.FusedAttentionProvider;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.linear.LinearPrecision;
import io.longspan.model.tensor.TensorBridge;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model on packed layers says what the same model says on the engine's. */
final class PackedEncoderTest {
    private static final long SEED = 1203;

    @TempDir Path folder;
    private final Map<Integer, ComputeCrew> crews = new HashMap<>();

    @AfterEach
    void closeCrews() {
        crews.values().forEach(ComputeCrew::close);
    }

    @ParameterizedTest
    @CsvSource({
        "post, loop",
        "post, chunks",
        "post, fused",
        "pre, loop",
        "pre, fused",
        "dense, chunks",
        "dense, fused"
    })
    void statesEqualTheEngines(String kind, String backend) {
        Random random = new Random(SEED);
        Path checkpoint = write(kind);
        double globals = kind.equals("dense") ? 0 : 0.1;
        SequenceLayout layout = TinyModels.roles(random, globals, 0.2, 37, 1, 70, 9);
        long[] ids = TinyModels.ids(random, layout.tokens());
        try (LongformerModel engine = open(checkpoint, null);
                LongformerModel packed = packed(checkpoint, 2);
                AttentionBackend attention = Backends.of(backend)) {
            TinyModels.same(
                    kind + ", " + backend + ", seed " + SEED,
                    TinyModels.hidden(packed, attention, ids, layout),
                    TinyModels.wide(TinyModels.hidden(engine, attention, ids, layout)),
                    2e-5);
            for (QueryRows rows :
                    List.of(
                            QueryRows.of(0),
                            QueryRows.of(layout.tokens() - 1),
                            QueryRows.of(
                                    IntStream.range(0, layout.tokens())
                                            .filter(t -> t % 3 == 1)
                                            .toArray()))) {
                TinyModels.same(
                        kind + ", " + backend + ", " + rows + ", seed " + SEED,
                        rows(packed, attention, ids, layout, rows),
                        TinyModels.wide(rows(engine, attention, ids, layout, rows)),
                        2e-5);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"post", "pre"})
    void aSequenceHasTheSameBitsInAnyBatchAndOnAnyNumberOfThreads(String kind) {
        Random random = new Random(SEED);
        Path checkpoint = write(kind);
        SequenceLayout layout = TinyModels.roles(random, 0.05, 0.1, 37, 1, 120, 64, 90);
        long[] ids = TinyModels.ids(random, layout.tokens());
        try (LongformerModel one = packed(checkpoint, 1);
                LongformerModel two = packed(checkpoint, 2);
                AttentionBackend ofOne = fused(one.crew());
                AttentionBackend ofTwo = fused(two.crew())) {
            float[] together = TinyModels.hidden(two, ofTwo, ids, layout);
            assertThat(TinyModels.hidden(one, ofOne, ids, layout))
                    .as("seed %d", SEED)
                    .containsExactly(together);
            for (int b = 0; b < layout.sequences(); b++) {
                int start = layout.start(b);
                int end = layout.end(b);
                byte[] roles = Arrays.copyOfRange(layout.roles(), start, end);
                float[] alone =
                        TinyModels.hidden(
                                two,
                                ofTwo,
                                Arrays.copyOfRange(ids, start, end),
                                SequenceLayout.of(new int[] {0, end - start}, roles));
                int width = two.config().hiddenSize();
                assertThat(alone)
                        .as("sequence %d, seed %d", b, SEED)
                        .containsExactly(Arrays.copyOfRange(together, start * width, end * width));
            }
        }
    }

    @Test
    void aThousandCallsOfMixedLengthsTakeNoMoreMemory() throws IOException {
        Random random = new Random(SEED);
        Path checkpoint = write("post");
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (LongformerModel model = packed(checkpoint, 2);
                AttentionBackend attention = fused(model.crew())) {
            long resident = 0;
            long allocated = 0;
            long least = Long.MAX_VALUE;
            for (int call = 0; call < 1000; call++) {
                int length = 1 + random.nextInt(128);
                SequenceLayout layout = SequenceLayout.allLocal(length).withGlobals(0);
                long[] ids = TinyModels.ids(random, length);
                TokenBatch batch = TokenBatch.of(model.config(), ids, layout);
                if (call == 300) {
                    resident = resident();
                }
                long before = threads.getCurrentThreadAllocatedBytes();
                try (NDManager manager = model.newManager()) {
                    model.encoder().forward(batch, attention, manager);
                }
                allocated += threads.getCurrentThreadAllocatedBytes() - before;
                // Vectors lie on the heap until the compiler has come by, on a busy machine late.
                if (call % 100 == 99) {
                    least = Math.min(least, allocated / 100);
                    allocated = 0;
                }
            }
            assertThat(resident() - resident).as("seed %d", SEED).isLessThan(48L << 20);
            // Three layers: views, jobs and the handles of a few arrays; no row of numbers.
            assertThat(least).isLessThan(300_000);
        }
    }

    /** Whoever holds the turn computes alone: neither attention nor a linear goes on beside it. */
    @Test
    void twoModelsWaitForTheTurnOfTheOneCrew() throws InterruptedException {
        Path checkpoint = write("post");
        SequenceLayout layout = SequenceLayout.allLocal(40).withGlobals(0);
        long[] ids = TinyModels.ids(new Random(SEED), 40);
        try (ComputeCrew crew = new ComputeCrew(2);
                LongformerModel first = packed(checkpoint, crew);
                LongformerModel second = open(checkpoint, crew);
                AttentionBackend attention = fused(crew)) {
            float[] expected = TinyModels.hidden(first, attention, ids, layout);
            CountDownLatch done = new CountDownLatch(2);
            List<Thread> callers;
            try (ComputeCrew.Turn _ = crew.turn()) {
                callers =
                        List.of(first, second).stream()
                                .map(model ->
                                        Thread.ofPlatform()
                                                .start(() -> {
                                                    TinyModels.hidden(
                                                            model, attention, ids, layout);
                                                    done.countDown();
                                                }))
                                .toList();
                assertThat(done.await(300, TimeUnit.MILLISECONDS)).isFalse();
                assertThat(done.getCount()).isEqualTo(2);
            }
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(TinyModels.hidden(first, attention, ids, layout)).containsExactly(expected);
        }
    }

    @Test
    void nothingGoesBackThroughPackedLayers() {
        Path checkpoint = write("post");
        try (LongformerModel model = packed(checkpoint, 1);
                AttentionBackend attention = Backends.of("loop");
                NDManager manager = model.newManager()) {
            TokenBatch batch =
                    TokenBatch.of(model.config(), new long[] {5, 6}, SequenceLayout.allLocal(2));
            assertThatThrownBy(
                            () -> model.encoder().pass(batch, attention, Activations.KEPT, manager))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("packed");
        }
    }

    private Path write(String kind) {
        LongformerConfig config =
                switch (kind) {
                    case "post" -> TinyModels.threeWindows();
                    case "pre" ->
                            new LongformerConfigBuilder(ModelType.LONGSPAN)
                                    .vocabSize(TinyModels.VOCABULARY)
                                    .hiddenSize(24)
                                    .layers(3)
                                    .heads(2)
                                    .intermediateSize(40)
                                    .maxPositionEmbeddings(130)
                                    .initializerRange(0.2)
                                    .attention(TinyModels.threeWindows().attention())
                                    .preLayerNorm(true)
                                    .build();
                    default ->
                            new LongformerConfigBuilder(ModelType.ROBERTA)
                                    .vocabSize(TinyModels.VOCABULARY)
                                    .hiddenSize(24)
                                    .layers(2)
                                    .heads(2)
                                    .intermediateSize(40)
                                    .maxPositionEmbeddings(130)
                                    .initializerRange(0.2)
                                    .build();
                };
        return TinyModels.write(config, SEED, folder.resolve(kind));
    }

    private LongformerModel packed(Path checkpoint, int threads) {
        return packed(checkpoint, crews.computeIfAbsent(threads, ComputeCrew::new));
    }

    private static LongformerModel packed(Path checkpoint, ComputeCrew crew) {
        return requirePacked(
                LongformerModel.open(
                        checkpoint,
                        ModelOptions.inference(LinearPrecision.FP32, crew).withTask(Task.ENCODER),
                        Progress.none()));
    }

    private static LongformerModel requirePacked(LongformerModel model) {
        if (model.linearFallback().isPresent()) {
            String reason = model.linearFallback().get();
            model.close();
            assumeTrue(false, reason);
        }
        return model;
    }

    private static LongformerModel open(Path checkpoint, ComputeCrew crew) {
        ModelOptions options = ModelOptions.defaults().withTask(Task.ENCODER);
        return LongformerModel.open(
                checkpoint, crew == null ? options : options.withCrew(crew), Progress.none());
    }

    private static AttentionBackend fused(ComputeCrew crew) {
        FusedAttentionProvider provider = new FusedAttentionProvider();
        return provider.create(
                new BackendContext(
                        BackendOptions.of(
                                provider.name(), provider.options(), Map.of("warm-up", "false")),
                        Device.CPU,
                        crew));
    }

    private static float[] rows(
            LongformerModel model,
            AttentionBackend attention,
            long[] ids,
            SequenceLayout layout,
            QueryRows rows) {
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = TokenBatch.of(model.config(), ids, layout);
            return TensorBridge.floats(model.encoder().forward(batch, rows, attention, manager));
        }
    }

    /** Bytes of this process in memory. */
    private static long resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        assumeTrue(Files.exists(status), "the system does not say how much memory is in use");
        return Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                * 1024;
    }
}
