package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.tensor.TensorBridge;
import java.util.Random;
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
     * Fewer globals than the head size are folded, more are projected; 70 globals need two tiles.
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
        byte[] roles = new byte[2 + length];
        java.util.Arrays.fill(roles, (byte) 1);
        Random random = new Random(seed);
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
        SequenceLayout layout = SequenceLayout.of(new int[] {0, 2, 2 + length}, roles);
        AttentionPattern pattern =
                AttentionPattern.builder(HEADS)
                        .reach(1, causal ? 0 : 1)
                        .scale(0.7f)
                        .causal(causal)
                        .build();
        try (NDManager manager = NDManager.newBaseManager()) {
            RandomWeights weights = new RandomWeights(manager, seed);
            for (String projection : new String[] {"query", "key", "value"}) {
                weights.add(NAME + "." + projection + "_global.weight", HIDDEN, HIDDEN)
                        .add(NAME + "." + projection + "_global.bias", HIDDEN);
            }
            float[] hidden = new float[roles.length * HIDDEN];
            for (int i = 0; i < hidden.length; i++) {
                hidden[i] = (float) random.nextGaussian();
            }
            NDArray input = manager.create(hidden, new Shape(roles.length, HIDDEN));
            int before = manager.getManagedArrays().size();

            NDArray rows =
                    new GlobalRows(weights, NAME, pattern, HEAD_SIZE, true).forward(input, layout);

            assertThat(manager.getManagedArrays()).as("arrays left behind").hasSize(before + 1);
            double[] expected = definition(weights, hidden, layout, causal);
            float[] actual = TensorBridge.floats(rows);
            assertThat(actual).hasSize(expected.length);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) actual[i])
                        .as("element %d, seed %d", i, seed)
                        .isCloseTo(expected[i], within(5e-6));
            }
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
