package io.longspan.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.HiddenMask;
import io.longspan.model.encoder.Weights;
import io.longspan.model.tensor.TensorBridge;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dropout of the heads against the same steps in float64, with masks asked for row by row. */
final class HeadDropoutTest {
    private static final long SEED = 20261124;
    private static final int WIDTH = 24;
    private static final int CLASSES = 3;
    private static final double RATE = 0.4;
    private static final SequenceLayout LAYOUT = SequenceLayout.allLocal(3, 1, 4);
    private static final DropoutDraw DRAW = DropoutDraw.of(SEED, 9, 70, 80, 90);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    private final Tensors weights = new Tensors(manager);
    private final LongformerConfig config =
            new LongformerConfigBuilder(ModelType.LONGFORMER)
                    .vocabSize(97)
                    .hiddenSize(WIDTH)
                    .layers(1)
                    .heads(2)
                    .intermediateSize(32)
                    .maxPositionEmbeddings(66)
                    .window(8)
                    .dropout(RATE, 0)
                    .build();

    @AfterEach
    void closeAll() {
        manager.close();
    }

    @Test
    void theClassifierDropsBeforeEachOfItsProducts() {
        weights.linear("classifier.dense", WIDTH, WIDTH)
                .linear("classifier.out_proj", CLASSES, WIDTH);
        dropsAs(
                new ClassifierHead(weights, config),
                (state, row) ->
                        weights.apply(
                                "classifier.out_proj",
                                dropped(
                                        HiddenMask.Site.HEAD_INNER,
                                        row,
                                        tanh(
                                                weights.apply(
                                                        "classifier.dense",
                                                        dropped(
                                                                HiddenMask.Site.HEAD_INPUT,
                                                                row,
                                                                state))))));
    }

    @Test
    void theTokenClassifierDropsItsInput() {
        weights.linear("classifier", CLASSES, WIDTH);
        dropsAs(
                new TokenHead(weights, config),
                (state, row) ->
                        weights.apply(
                                "classifier", dropped(HiddenMask.Site.HEAD_INPUT, row, state)));
    }

    @Test
    void theChoiceHeadDropsAfterItsPooler() {
        weights.linear("pooler.dense", WIDTH, WIDTH).linear("classifier", 1, WIDTH);
        dropsAs(
                new ChoiceHead(weights, config),
                (state, row) ->
                        weights.apply(
                                "classifier",
                                dropped(
                                        HiddenMask.Site.HEAD_INNER,
                                        row,
                                        tanh(weights.apply("pooler.dense", state)))));
    }

    @Test
    void theSpanHeadDropsNothing() {
        weights.linear("qa_outputs", 2, WIDTH);
        dropsAs(new SpanHead(weights), (state, row) -> weights.apply("qa_outputs", state));
    }

    /**
     * @param expected scores of a row of states and of the token that it belongs to
     */
    private void dropsAs(TaskHead head, BiFunction<double[], Integer, double[]> expected) {
        System.out.println("seed " + SEED);
        long[] rows = head.rows(LAYOUT);
        float[] drawn = weights.draw(rows.length * WIDTH);
        NDArray states = manager.create(drawn, new Shape(rows.length, WIDTH));
        int before = manager.getManagedArrays().size();
        NDArray scores = head.forward(states, HeadDropout.of(rows, LAYOUT, DRAW));
        assertThat(manager.getManagedArrays()).as("arrays left behind").hasSize(before + 1);
        float[] found = TensorBridge.floats(scores);
        int classes = head.classes();
        for (int r = 0; r < rows.length; r++) {
            double[] state = new double[WIDTH];
            for (int i = 0; i < WIDTH; i++) {
                state[i] = drawn[r * WIDTH + i];
            }
            double[] wanted = expected.apply(state, (int) rows[r]);
            for (int k = 0; k < classes; k++) {
                assertThat((double) found[r * classes + k])
                        .as("row %d, class %d", r, k)
                        .isCloseTo(wanted[k], within(1e-5));
            }
        }
        float[] plain = TensorBridge.floats(head.forward(states));
        float[] undrawn =
                TensorBridge.floats(head.forward(states, HeadDropout.of(rows, LAYOUT, null)));
        assertThat(undrawn).as("without a draw").containsExactly(plain);
        if (head instanceof SpanHead) {
            assertThat(found).containsExactly(plain);
        } else {
            assertThat(found).isNotEqualTo(plain);
        }
    }

    private static double[] dropped(HiddenMask.Site site, int token, double[] state) {
        int sequence = LAYOUT.sequenceOf(token);
        float[] factors = new float[WIDTH];
        DRAW.hidden(site, 0, sequence, RATE)
                .factors(token - LAYOUT.start(sequence), WIDTH, factors, 0);
        double[] out = new double[WIDTH];
        Arrays.setAll(out, i -> state[i] * factors[i]);
        return out;
    }

    private static double[] tanh(double[] state) {
        return Arrays.stream(state).map(Math::tanh).toArray();
    }

    /** Random linear layers that an independent calculation can read. */
    private static final class Tensors implements Weights {
        private final NDManager manager;
        private final Random random = new Random(SEED);
        private final Map<String, float[]> values = new HashMap<>();
        private final Map<String, NDArray> arrays = new HashMap<>();

        Tensors(NDManager manager) {
            this.manager = manager;
        }

        Tensors linear(String name, int out, int in) {
            add(name + ".weight", out, in);
            add(name + ".bias", out);
            return this;
        }

        private void add(String name, long... shape) {
            float[] drawn = draw((int) new Shape(shape).size());
            values.put(name, drawn);
            arrays.put(name, manager.create(drawn, new Shape(shape)));
        }

        float[] draw(int count) {
            float[] drawn = new float[count];
            for (int i = 0; i < count; i++) {
                drawn[i] = (float) random.nextGaussian() * 0.5f;
            }
            return drawn;
        }

        double[] apply(String name, double[] state) {
            float[] weight = values.get(name + ".weight");
            float[] bias = values.get(name + ".bias");
            double[] out = new double[bias.length];
            for (int k = 0; k < out.length; k++) {
                out[k] = bias[k];
                for (int i = 0; i < state.length; i++) {
                    out[k] += weight[k * state.length + i] * state[i];
                }
            }
            return out;
        }

        @Override
        public NDArray get(String name) {
            return arrays.get(name);
        }

        @Override
        public boolean has(String name) {
            return arrays.containsKey(name);
        }
    }
}
