package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of few global tokens against those of arrays that project every key and value. */
final class RawGlobalRowsTest {
    private static final int HEADS = 3;

    /** Three heads of it are whole vectors of every width and a rest. */
    private static final int HEAD_SIZE = 25;

    private static final int HIDDEN = HEADS * HEAD_SIZE;
    private static final String NAME = "self";

    /** Lengths below and above a block, and above what is cut into short stretches. */
    @ParameterizedTest(name = "{0} globals of {1} tokens, causal {2}, masked {3}")
    @CsvSource({
        "1,1,false,false",
        "1,9,true,true",
        "2,64,false,true",
        "1,200,false,false",
        "2,1024,true,true",
        "2,1300,false,true"
    })
    void rowsEqualThoseOfArrays(int globals, int length, boolean causal, boolean masked) {
        long seed = 1000L * globals + length;
        Random random = new Random(seed);
        SequenceLayout layout = GlobalRowsTest.layout(globals, length, masked, random);
        int[] tokens = layout.globals();
        try (NDManager manager = NDManager.newBaseManager();
                ComputeCrew crew = new ComputeCrew(2);
                Workspace space = workspace(random, layout.tokens())) {
            RandomWeights weights = GlobalRowsTest.weights(manager, seed, NAME, HIDDEN);
            AttentionPattern pattern = pattern(causal);
            NDArray expected =
                    new GlobalRows(weights, NAME, pattern, HEAD_SIZE, false)
                            .forward(
                                    space.readArray(layout.tokens(), manager),
                                    layout,
                                    tokens,
                                    null); // [G, N]
            float[] actual = rows(weights, pattern, space, layout, tokens, crew);
            float[] numbers = TensorBridge.floats(expected);
            for (int i = 0; i < numbers.length; i++) {
                assertThat(actual[i])
                        .as("number %d, seed %d", i, seed)
                        .isCloseTo(numbers[i], within(2e-5f));
            }
        }
    }

    /** A workspace grows and stays: what an earlier, larger call left in it must not be seen. */
    @Test
    void rowsDoNotDependOnWhatWasComputedBefore() {
        Random random = new Random(11);
        SequenceLayout large = GlobalRowsTest.layout(2, 1100, true, random);
        SequenceLayout small = GlobalRowsTest.layout(1, 70, true, random);
        try (NDManager manager = NDManager.newBaseManager();
                ComputeCrew crew = new ComputeCrew(2);
                Workspace used = workspace(new Random(12), large.tokens());
                Workspace fresh = workspace(new Random(12), large.tokens())) {
            RandomWeights weights = GlobalRowsTest.weights(manager, 11, NAME, HIDDEN);
            AttentionPattern pattern = pattern(false);
            rows(weights, pattern, used, large, large.globals(), crew);
            assertThat(rows(weights, pattern, used, small, small.globals(), crew))
                    .containsExactly(rows(weights, pattern, fresh, small, small.globals(), crew));
        }
    }

    private static float[] rows(
            RandomWeights weights,
            AttentionPattern pattern,
            Workspace space,
            SequenceLayout layout,
            int[] tokens,
            ComputeCrew crew) {
        MemorySegment output = space.globals().output(tokens.length);
        new RawGlobalRows(weights, NAME, pattern, HEAD_SIZE)
                .forward(space, layout, 1, tokens, crew, output);
        return output.toArray(ValueLayout.JAVA_FLOAT);
    }

    private static AttentionPattern pattern(boolean causal) {
        return AttentionPattern.builder(HEADS)
                .reach(8, causal ? 0 : 8)
                .scaleFor(HEAD_SIZE)
                .causal(causal)
                .build();
    }

    /** A workspace whose state is random. */
    private static Workspace workspace(Random random, int tokens) {
        LongformerConfig config =
                new LongformerConfigBuilder(ModelType.ROBERTA)
                        .vocabSize(10)
                        .hiddenSize(HIDDEN)
                        .layers(1)
                        .heads(HEADS)
                        .intermediateSize(8)
                        .maxPositionEmbeddings(2000)
                        .build();
        Workspace space = new Workspace(config, 2);
        space.fit(tokens);
        for (long i = 0; i < (long) tokens * HIDDEN; i++) {
            space.read()
                    .setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian() * 0.5f);
        }
        return space;
    }
}
