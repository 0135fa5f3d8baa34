package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.TensorBridge;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Global rows against the definition in float64: project everything, score everything, one softmax
 * per row.
 */
final class GlobalRowsTest {
    private static final int HEADS = 3;
    private static final int HEAD_SIZE = 4;
    private static final int HIDDEN = HEADS * HEAD_SIZE;
    private static final String NAME = "self";

    /**
     * Fewer globals than the head size are folded unless that is switched off, more are projected;
     * 70 globals need three tiles.
     */
    @ParameterizedTest(name = "{0} globals of {1} tokens, causal {2}, masked {3}")
    @CsvSource({
        "1,9,false,false",
        "3,20,false,true",
        "3,20,true,true",
        "4,20,false,true",
        "9,9,false,false",
        "70,90,true,true"
    })
    void rowsEqualTheDefinition(int globals, int length, boolean causal, boolean masked) {
        long seed = globals * 1000L + length;
        SequenceLayout layout = layout(globals, length, masked, new Random(seed));
        try (NDManager manager = NDManager.newBaseManager()) {
            RandomWeights weights = weights(manager, seed);
            float[] hidden = hidden(layout, seed);
            NDArray input = manager.create(hidden, new Shape(layout.tokens(), HIDDEN));
            double[] expected = definition(weights, hidden, layout, causal);
            for (boolean folding : new boolean[] {true, false}) {
                int before = manager.getManagedArrays().size();
                NDArray rows = globalRows(weights, causal, folding).forward(input, layout);
                assertThat(manager.getManagedArrays()).as("arrays left behind").hasSize(before + 1);
                close(TensorBridge.floats(rows), expected, seed);
            }
        }
    }

    @ParameterizedTest(name = "{0} globals, of which {1} are wanted")
    @CsvSource({"3,1", "3,2", "70,3", "70,40"})
    void someRowsAreThoseOfAll(int globals, int wanted) {
        long seed = 31L * globals + wanted;
        SequenceLayout layout = layout(globals, 90, true, new Random(seed));
        try (NDManager manager = NDManager.newBaseManager()) {
            RandomWeights weights = weights(manager, seed);
            float[] hidden = hidden(layout, seed);
            NDArray input = manager.create(hidden, new Shape(layout.tokens(), HIDDEN));
            int[] all = layout.globals();
            int[] some = Arrays.copyOfRange(all, all.length - wanted, all.length);
            float[] actual =
                    TensorBridge.floats(
                            globalRows(weights, false, true).forward(input, layout, some, null));
            double[] whole = definition(weights, hidden, layout, false);
            double[] expected =
                    Arrays.copyOfRange(whole, whole.length - wanted * HIDDEN, whole.length);
            close(actual, expected, seed);
        }
    }

    /** Two projections, one tile of scores and the result, and not the scores of all rows. */
    @Test
    void memoryOfManyGlobalsIsThatOfOneTile() {
        int length = 512;
        long few = peak(GlobalRows.TILE, length);
        long many = peak(length, length);
        long states = 4L * length * HIDDEN;
        assertThat(many - few)
                .as("%d bytes for %d globals, %d for %d", few, GlobalRows.TILE, many, length)
                .isBetween(1L, 6 * states);
        long scoresOfAll = 4L * HEADS * length * length;
        assertThat(many).isLessThan(scoresOfAll);
    }

    private static long peak(int globals, int length) {
        SequenceLayout layout = layout(globals, length, false, new Random(globals));
        try (NDManager manager = NDManager.newBaseManager()) {
            RandomWeights weights = weights(manager, 5);
            GlobalRows rows = globalRows(weights, false, true);
            try (NDManager scope = manager.newSubManager()) {
                NDArray input =
                        scope.create(hidden(layout, globals), new Shape(layout.tokens(), HIDDEN));
                PeakBytes peak = PeakBytes.of(scope);
                NDArray out = rows.forward(input, layout);
                assertThat(out.getShape()).isEqualTo(new Shape(globals, HIDDEN));
                return peak.most();
            }
        }
    }

    /** Two tokens of a sequence of its own, then a sequence with globals at random places. */
    static SequenceLayout layout(int globals, int length, boolean masked, Random random) {
        byte[] roles = new byte[2 + length];
        Arrays.fill(roles, (byte) 1);
        for (int placed = 0; placed < globals; ) {
            int t = 2 + random.nextInt(length);
            if (roles[t] == 1) {
                roles[t] = 2;
                placed++;
            }
        }
        for (int t = 2; masked && t < roles.length; t += 4) {
            roles[t] = roles[t] == 1 ? 0 : roles[t];
        }
        return SequenceLayout.of(new int[] {0, 2, 2 + length}, roles);
    }

    private static RandomWeights weights(NDManager manager, long seed) {
        return weights(manager, seed, NAME, HIDDEN);
    }

    /** Three projections under a name. */
    static RandomWeights weights(NDManager manager, long seed, String name, int hidden) {
        RandomWeights weights = new RandomWeights(manager, seed);
        for (String projection : new String[] {"query", "key", "value"}) {
            weights.add(name + "." + projection + "_global.weight", hidden, hidden)
                    .add(name + "." + projection + "_global.bias", hidden);
        }
        return weights;
    }

    private static float[] hidden(SequenceLayout layout, long seed) {
        Random random = new Random(seed);
        float[] hidden = new float[layout.tokens() * HIDDEN];
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = (float) random.nextGaussian();
        }
        return hidden;
    }

    private static GlobalRows globalRows(RandomWeights weights, boolean causal, boolean folding) {
        AttentionPattern pattern =
                AttentionPattern.builder(HEADS)
                        .reach(1, causal ? 0 : 1)
                        .scale(0.7f)
                        .causal(causal)
                        .build();
        return new GlobalRows(weights, NAME, pattern, HEAD_SIZE, folding);
    }

    private static void close(float[] actual, double[] expected, long seed) {
        assertThat(actual).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i])
                    .as("element %d, seed %d", i, seed)
                    .isCloseTo(expected[i], within(5e-6));
        }
    }

    private static double[] definition(
            RandomWeights weights, float[] hidden, SequenceLayout layout, boolean causal) {
        int[] globals = layout.globals(1);
        double[] out = new double[globals.length * HIDDEN];
        for (int g = 0; g < globals.length; g++) {
            for (int h = 0; h < HEADS; h++) {
                double total = 0;
                double[] context = new double[HEAD_SIZE];
                for (int j = layout.start(1); j < layout.end(1); j++) {
                    if (layout.roles()[j] == 0 || (causal && j > globals[g])) {
                        continue;
                    }
                    double score = 0;
                    for (int d = 0; d < HEAD_SIZE; d++) {
                        int unit = h * HEAD_SIZE + d;
                        score +=
                                0.7f
                                        * project(weights, "query", hidden, globals[g], unit)
                                        * project(weights, "key", hidden, j, unit);
                    }
                    double weight = Math.exp(score);
                    total += weight;
                    for (int d = 0; d < HEAD_SIZE; d++) {
                        context[d] +=
                                weight * project(weights, "value", hidden, j, h * HEAD_SIZE + d);
                    }
                }
                for (int d = 0; d < HEAD_SIZE; d++) {
                    out[g * HIDDEN + h * HEAD_SIZE + d] = context[d] / total;
                }
            }
        }
        return out;
    }

    private static double project(
            RandomWeights weights, String projection, float[] hidden, int token, int unit) {
        double sum = weights.at(NAME + "." + projection + "_global.bias", unit);
        for (int i = 0; i < HIDDEN; i++) {
            sum +=
                    weights.at(NAME + "." + projection + "_global.weight", unit * HIDDEN + i)
                            * hidden[token * HIDDEN + i];
        }
        return sum;
    }
}
