package io.longspan.model.exact;

import static io.longspan.model.exact.TinyModels.SAME;
import static io.longspan.model.exact.TinyModels.hidden;
import static io.longspan.model.exact.TinyModels.ids;
import static io.longspan.model.exact.TinyModels.rows;
import static io.longspan.model.exact.TinyModels.same;
import static io.longspan.model.exact.TinyModels.wide;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Backends;
import io.longspan.model.ModelInputException;
import io.longspan.model.config.LayerAttention;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.ModelType;
import io.longspan.model.encoder.ExactSavings;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is saved changes no answer. */
final class SavingsTest {
    private static final long SEED = 815;

    @TempDir Path folder;

    /** The first tokens are global: a classifier. Then rows of all roles, and a single one. */
    @ParameterizedTest
    @CsvSource({"loop,true", "loop,false", "chunks,true", "chunks,false", "fused,true"})
    void askedRowsAreThoseOfTheWholeRun(String backend, boolean dense) {
        Random random = new Random(SEED);
        Path checkpoint =
                TinyModels.write(TinyModels.windows(8, 6, 64), SEED, folder.resolve("model"));
        SequenceLayout layout =
                TinyModels.roles(random, 0.1, 0.2, 31, 5, 19, 1).withGlobals(0, 31, 36, 55);
        long[] ids = ids(random, layout.tokens());
        ExactSavings on = new ExactSavings(true, true, dense);
        ExactSavings off = new ExactSavings(true, false, dense);
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel saving = TinyModels.open(checkpoint, on);
                LongformerModel plain = TinyModels.open(checkpoint, off)) {
            float[] whole = hidden(plain, attention, ids, layout);
            int width = plain.config().hiddenSize();
            for (int[] wanted :
                    new int[][] {
                        {0, 31, 36, 55},
                        {3},
                        {0, 1, 2, 7, 12, 30, 31, 33, 40, 41, 54},
                        random.ints(0, layout.tokens()).limit(30).distinct().sorted().toArray()
                    }) {
                String what = backend + " at " + QueryRows.of(wanted) + ", seed " + SEED;
                float[] expected = rows(whole, width, wanted);
                same(what, some(saving, attention, ids, layout, wanted), wide(expected), SAME);
                assertThat(some(plain, attention, ids, layout, wanted))
                        .as("%s, switched off", what)
                        .containsExactly(expected);
            }
        }
    }

    /** Pre-norm, an offset bias, windows and dilation by head; then causal, where they apply. */
    @ParameterizedTest
    @CsvSource({"loop,false", "loop,true", "fused,false", "fused,true"})
    void askedRowsAreThoseOfTheWholeRunWithEveryExtension(String backend, boolean causal) {
        Random random = new Random(SEED);
        LayerAttention wide = new LayerAttention(List.of(8, 4), List.of(1, 3));
        LayerAttention narrow = new LayerAttention(List.of(2, 6), List.of(2, 1));
        LongformerConfig config =
                TinyModels.windows(8, 8).toBuilder()
                        .modelType(ModelType.LONGSPAN)
                        .attention(List.of(wide, narrow))
                        .preLayerNorm(true)
                        .offsetBias(true)
                        .causal(causal)
                        .build();
        Path checkpoint = TinyModels.write(config, SEED, folder.resolve("model"));
        SequenceLayout layout = TinyModels.roles(random, 0.1, 0.2, 31, 5, 19).withGlobals(0, 40);
        long[] ids = ids(random, layout.tokens());
        int[] wanted = random.ints(0, 55).limit(20).distinct().sorted().toArray();
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel saving = TinyModels.open(checkpoint, ExactSavings.all());
                LongformerModel plain = TinyModels.open(checkpoint, ExactSavings.none())) {
            float[] whole = hidden(plain, attention, ids, layout);
            same(
                    backend + ", causal " + causal + ", seed " + SEED,
                    some(saving, attention, ids, layout, wanted),
                    wide(rows(whole, config.hiddenSize(), wanted)),
                    SAME);
        }
    }

    @Test
    void aRowBeyondTheBatchIsRefused() {
        Path checkpoint = TinyModels.write(TinyModels.windows(8), SEED, folder.resolve("model"));
        try (AttentionBackend attention = Backends.of("loop");
                LongformerModel model = TinyModels.open(checkpoint, ExactSavings.all())) {
            assertThatThrownBy(() ->
                            some(
                                    model,
                                    attention,
                                    new long[] {5, 6},
                                    SequenceLayout.allLocal(2),
                                    new int[] {2}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("query row 2 is beyond the batch");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void foldedGlobalsGiveTheAnswerOfProjectedOnes(String backend) {
        Random random = new Random(SEED);
        SequenceLayout layout =
                TinyModels.roles(random, 0, 0.2, 31, 5, 19).withGlobals(0, 4, 9, 36, 50);
        pair(
                backend,
                new ExactSavings(true, true, true),
                new ExactSavings(false, true, true),
                layout,
                random);
    }

    /** The longest sequence is just within reach, then just outside. */
    @ParameterizedTest
    @CsvSource({"loop,33", "loop,34", "chunks,33", "chunks,34"})
    void theDensePathGivesTheAnswerOfTheBackend(String backend, int longest) {
        Random random = new Random(SEED);
        SequenceLayout layout =
                TinyModels.roles(random, 0.1, 0.2, 7, longest, 1, 16).withGlobals(0);
        pair(
                backend,
                new ExactSavings(true, true, true),
                new ExactSavings(true, true, false),
                layout,
                random);
        pair(
                backend,
                ExactSavings.all(),
                ExactSavings.none(),
                TinyModels.roles(random, 0, 1, longest, 3),
                random);
    }

    @Test
    void savingsAreReadAndWrittenByName() {
        assertThat(ExactSavings.of("all")).isEqualTo(ExactSavings.all()).hasToString("all");
        assertThat(ExactSavings.of(" none ")).isEqualTo(ExactSavings.none()).hasToString("none");
        assertThat(ExactSavings.of("needed-rows, dense-path"))
                .isEqualTo(new ExactSavings(false, true, true))
                .hasToString("dense-path,needed-rows");
        assertThatThrownBy(() -> ExactSavings.of("dense-path,folding"))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("'folding' is none")
                .hasMessageContaining("folded-globals, needed-rows, dense-path");
    }

    private void pair(
            String backend,
            ExactSavings on,
            ExactSavings off,
            SequenceLayout layout,
            Random random) {
        Path checkpoint = folder.resolve("model-" + random.nextInt(1 << 30));
        TinyModels.write(TinyModels.windows(64, 66), SEED, checkpoint);
        long[] ids = ids(random, layout.tokens());
        try (AttentionBackend attention = Backends.of(backend);
                LongformerModel saving = TinyModels.open(checkpoint, on);
                LongformerModel plain = TinyModels.open(checkpoint, off)) {
            same(
                    backend + ", " + on + " and " + off + ", seed " + SEED,
                    hidden(saving, attention, ids, layout),
                    wide(hidden(plain, attention, ids, layout)),
                    SAME);
        }
    }

    private static float[] some(
            LongformerModel model,
            AttentionBackend attention,
            long[] ids,
            SequenceLayout layout,
            int[] wanted) {
        try (NDManager manager = model.newManager()) {
            NDArray found =
                    model.encoder()
                            .forward(
                                    TokenBatch.of(model.config(), ids, layout),
                                    QueryRows.of(wanted),
                                    attention,
                                    manager);
            assertThat(manager.getManagedArrays()).hasSize(1);
            return TensorBridge.floats(found);
        }
    }
}
