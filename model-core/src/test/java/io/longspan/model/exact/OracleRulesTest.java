package io.longspan.model.exact;

import static io.longspan.model.exact.TinyModels.hidden;
import static io.longspan.model.exact.TinyModels.ids;
import static io.longspan.model.exact.TinyModels.same;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Backends;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.infer.LongformerModel;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder against the definition in float64, on every backend of this build. */
final class OracleRulesTest {
    private static final double FLOAT32 = 1e-5;
    private static final long SEED = 20261124;

    @TempDir Path folder;

    /** 1, 2, half a window and one more, a window and one more, and primes: nothing divides. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void everyLengthFromOneUp(String backend) {
        check(
                backend,
                TinyModels.threeWindows(),
                (random, run) -> {
                    for (int length : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 13, 31, 61}) {
                        run.on(SequenceLayout.allLocal(length));
                        run.on(SequenceLayout.allLocal(length).withGlobals(random.nextInt(length)));
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void sequencesOfABatchHaveDifferentGlobalsNoneAndAllIncluded(String backend) {
        check(
                backend,
                TinyModels.threeWindows(),
                (random, run) -> {
                    int[] few = {0, 13, 14, 15};
                    int[] every = IntStream.range(40, 47).toArray();
                    int[] both = IntStream.concat(IntStream.of(few), IntStream.of(every)).toArray();
                    run.on(SequenceLayout.allLocal(13, 17, 10, 7, 11).withGlobals(both));
                    run.on(SequenceLayout.allLocal(13, 17, 10, 7, 11).withGlobals(12, 57));
                });
    }

    /** Masked at both ends and in the middle, beside globals inside and outside of the window. */
    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void rolesMayStandAnywhere(String backend) {
        check(
                backend,
                TinyModels.threeWindows(),
                (random, run) -> {
                    for (int round = 0; round < 4; round++) {
                        run.on(TinyModels.roles(random, 0.15, 0.25, 29, 1, 11, 2));
                    }
                    run.on(TinyModels.roles(random, 0, 1, 5, 3));
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void allTokensGlobalIsDenseAttentionWithTheGlobalProjections(String backend) {
        Path checkpoint =
                TinyModels.write(TinyModels.threeWindows(), SEED, folder.resolve("model"));
        OracleEncoder oracle = new OracleEncoder(checkpoint);
        long[] ids = ids(new Random(SEED), 37);
        int[] every = IntStream.range(0, 37).toArray();
        double[] expected = oracle.dense(ids, "_global");
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = TinyModels.open(checkpoint, ExactSavings.all())) {
            SequenceLayout layout = SequenceLayout.allLocal(37).withGlobals(every);
            same(
                    backend + ", seed " + SEED,
                    hidden(model, attention, ids, layout),
                    expected,
                    FLOAT32);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void windowsThatReachEveryTokenAreDenseAttention(String backend) {
        int length = 23;
        int window = 2 * (length - 1);
        Path checkpoint =
                TinyModels.write(
                        TinyModels.windows(window, window + 2, 100), SEED, folder.resolve("model"));
        long[] ids = ids(new Random(SEED), length);
        double[] expected = new OracleEncoder(checkpoint).dense(ids, "");
        for (ExactSavings savings : new ExactSavings[] {ExactSavings.all(), ExactSavings.none()}) {
            try (AttentionBackend attention = Backends.of(backend);
                    LongformerModel model = TinyModels.open(checkpoint, savings)) {
                same(
                        backend + ", savings " + savings + ", seed " + SEED,
                        hidden(model, attention, ids, SequenceLayout.allLocal(length)),
                        expected,
                        FLOAT32);
            }
        }
    }

    private interface Cases {
        void of(Random random, Run run);
    }

    private interface Run {
        void on(SequenceLayout layout);
    }

    private void check(String backend, LongformerConfig config, Cases cases) {
        Path checkpoint = TinyModels.write(config, SEED, folder.resolve("model"));
        OracleEncoder oracle = new OracleEncoder(checkpoint);
        Random random = new Random(SEED);
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel model = TinyModels.open(checkpoint, ExactSavings.all())) {
            cases.of(
                    random,
                    layout -> {
                        long[] ids = ids(random, layout.tokens());
                        same(
                                backend + " on " + layout + ", seed " + SEED,
                                hidden(model, attention, ids, layout),
                                oracle.forward(ids, layout),
                                FLOAT32);
                    });
        }
    }
}
