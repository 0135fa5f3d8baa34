package io.longspan.model.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.encoder.LongformerEncoder;
import io.longspan.model.encoder.PackedWeights;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.linear.LinearAvailability;
import io.longspan.model.linear.LinearKernels;
import io.longspan.model.linear.LinearPrecision;
import io.longspan.model.tensor.TensorBridge;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models on packed linear layers give what transformers gives. */
final class PackedModelTest {
    private static LinearKernels kernels;

    @BeforeAll
    static void open() {
        kernels = LinearKernels.open(2);
    }

    @AfterAll
    static void close() {
        kernels.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "encoder-local",
                "encoder-global-first",
                "encoder-global-many",
                "encoder-masked-middle"
            })
    void float32StatesEqualTransformers(String name) {
        List<float[]> states = states(name, LinearPrecision.FP32);
        try (SafetensorsFile expected =
                SafetensorsFile.open(Fixture.folder(name).resolve("outputs.safetensors"))) {
            for (int layer = 0; layer < states.size(); layer++) {
                float[] wanted = expected.get("hidden_state." + layer).toFloats();
                assertThat(worst(states.get(layer), wanted))
                        .as("layer %d", layer)
                        .isLessThanOrEqualTo(2e-5 * largest(wanted));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BF16, 0.9999", "INT8, 0.999"})
    void narrowStatesPointTheSameWay(LinearPrecision precision, double least) {
        LinearAvailability found = kernels.availability(precision);
        assumeTrue(found instanceof LinearAvailability.Available, found::toString);
        float[] narrow = states("encoder-global-many", precision).getLast();
        float[] wide = states("encoder-global-many", LinearPrecision.FP32).getLast();
        assertThat(narrow).isNotEqualTo(wide);
        assertThat(cosine(narrow, wide)).isBetween(least, 1.0);
    }

    @ParameterizedTest
    @ValueSource(strings = "masked-lm")
    void float32LogitsEqualTransformers(String name) {
        try (Checkpoint checkpoint = CheckpointFiles.open(Fixture.folder(name));
                SafetensorsFile inputs =
                        SafetensorsFile.open(Fixture.folder(name).resolve("inputs.safetensors"));
                SafetensorsFile expected =
                        SafetensorsFile.open(Fixture.folder(name).resolve("outputs.safetensors"));
                NDManager manager = NDManager.newBaseManager();
                AttentionBackend attention = Backends.of("loop");
                PackedWeights weights = weights(checkpoint, manager, LinearPrecision.FP32)) {
            NDArray hidden =
                    new LongformerEncoder(weights, checkpoint.config())
                            .forward(
                                    BatchTensors.read(inputs, setup(checkpoint)).tokens(),
                                    attention,
                                    manager); // [T, N]
            NDArray logits =
                    new MaskedLmHead(weights, checkpoint.config(), checkpoint.names().decoder())
                            .forward(hidden); // [T, V]
            float[] wanted = expected.get("logits").toFloats();
            assertThat(worst(TensorBridge.floats(logits), wanted))
                    .isLessThanOrEqualTo(2e-5 * largest(wanted));
        }
    }

    private static List<float[]> states(String name, LinearPrecision precision) {
        try (Checkpoint checkpoint = CheckpointFiles.open(Fixture.folder(name));
                SafetensorsFile inputs =
                        SafetensorsFile.open(Fixture.folder(name).resolve("inputs.safetensors"));
                NDManager manager = NDManager.newBaseManager();
                AttentionBackend attention = Backends.of("loop");
                PackedWeights weights = weights(checkpoint, manager, precision)) {
            LongformerEncoder encoder = new LongformerEncoder(weights, checkpoint.config());
            assertThat(weights.fallback()).isEmpty();
            NDList states =
                    encoder.forwardAll(
                            BatchTensors.read(inputs, setup(checkpoint)).tokens(),
                            attention,
                            manager); // each [T, N]
            List<float[]> numbers = new ArrayList<>();
            states.forEach(state -> numbers.add(TensorBridge.floats(state)));
            return numbers;
        }
    }

    private static TaskSetup setup(Checkpoint checkpoint) {
        return TaskSetup.of(
                checkpoint.config(), checkpoint.names().task(), checkpoint.config().vocabSize());
    }

    private static PackedWeights weights(
            Checkpoint checkpoint, NDManager manager, LinearPrecision precision) {
        return new PackedWeights(
                new LoadedWeights(checkpoint.names(), manager, Progress.none()),
                kernels,
                precision);
    }

    private static double worst(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double worst = 0;
        for (int at = 0; at < actual.length; at++) {
            double error = Math.abs((double) actual[at] - expected[at]);
            worst = error <= worst ? worst : error;
        }
        return worst;
    }

    private static double largest(float[] numbers) {
        double largest = 1;
        for (float number : numbers) {
            largest = Math.max(largest, Math.abs(number));
        }
        return largest;
    }

    private static double cosine(float[] one, float[] other) {
        double product = 0;
        double first = 0;
        double second = 0;
        for (int at = 0; at < one.length; at++) {
            product += (double) one[at] * other[at];
            first += (double) one[at] * one[at];
            second += (double) other[at] * other[at];
        }
        return product / Math.sqrt(first * second);
    }
}
