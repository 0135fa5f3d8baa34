package io.longspan.attention.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.longspan.attention.AttentionDropout;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.ComposedBackend;
import io.longspan.attention.ComposedCall;
import io.longspan.attention.Device;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.testkit.oracle.AttentionOracle;
import io.longspan.attention.testkit.oracle.AttentionProblem;
import io.longspan.attention.testkit.oracle.OracleGradients;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Between forward and backward the temporaries' handles are closed, and the garbage collector frees
 * every Java buffer that only they kept. What the graph needs must not lie in one.
 */
final class GraphOutlivesHandlesTest {
    private static final long SEED = 20261123;
    private static final int HEADS = 2;
    private static final int SIZE = 8;

    private final SequenceLayout layout =
            SequenceLayout.of(new int[] {0, 5, 8}, new byte[] {2, 1, 1, 0, 1, 1, 1, 1});
    private final AttentionPattern pattern =
            AttentionPattern.builder(HEADS).reach(2, 2).scale(0.7f).dropout(0.25f).build();
    private final AttentionDropout dropout = AttentionDropout.of(SEED, 3, 1, 10, 11);

    @Test
    void gradientsSurviveACollectionBetweenForwardAndBackward() throws InterruptedException {
        int elements = layout.tokens() * HEADS * SIZE;
        Random random = new Random(SEED);
        float[] query = draw(random, elements);
        float[] key = draw(random, elements);
        float[] value = draw(random, elements);
        float[] upstream = draw(random, elements);
        QueryRows all = QueryRows.all();
        OracleGradients expected =
                AttentionOracle.backward(
                        new AttentionProblem(
                                layout, pattern, SIZE, all, dropout, query, key, value, null),
                        upstream);

        Shape shape = new Shape(layout.tokens(), HEADS, SIZE);
        try (NDManager manager = NDManager.newBaseManager(ai.djl.Device.cpu());
                ComposedBackend backend = backend();
                GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray q = leaf(manager, query, shape);
            NDArray k = leaf(manager, key, shape);
            NDArray v = leaf(manager, value, shape);
            NDArray weights = manager.create(upstream, shape);
            NDArray output =
                    backend.forward(
                                    new ComposedCall(
                                            q, k, v, null, layout, pattern, all, dropout, false))
                            .output();
            NDArray loss = output.mul(weights).sum();
            overwriteFreedBuffers(manager);
            collector.backward(loss);

            assertClose("query", q, expected.query());
            assertClose("key", k, expected.key());
            assertClose("value", v, expected.value());
        }
    }

    private static void overwriteFreedBuffers(NDManager manager) throws InterruptedException {
        for (int round = 0; round < 3; round++) {
            System.gc();
            // The cleaner that frees direct buffers runs on a thread of its own.
            Thread.sleep(50);
            for (int i = 0; i < 3000; i++) {
                manager.create(new float[] {1e30f, 1e30f, 1e30f, 1e30f});
                manager.full(new Shape(1 + i % 600), 1e30f);
            }
        }
    }

    private static ComposedBackend backend() {
        LoopAttentionProvider provider = new LoopAttentionProvider();
        BackendOptions none = BackendOptions.of(provider.name(), List.of(), Map.of());
        return (ComposedBackend) provider.create(new BackendContext(none, Device.CPU, 2));
    }

    private static NDArray leaf(NDManager manager, float[] numbers, Shape shape) {
        NDArray array = manager.create(numbers, shape);
        array.setRequiresGradient(true);
        return array;
    }

    private static float[] draw(Random random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    private static void assertClose(String what, NDArray input, double[] expected) {
        float[] gradient = input.getGradient().toFloatArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) gradient[i])
                    .as("gradient of the %s at %d, seed %d", what, i, SEED)
                    .isCloseTo(expected[i], within(1e-5));
        }
    }
}
