package io.longspan.model.reference;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.encoder.EncoderPass;
import io.longspan.model.encoder.LongformerEncoder;
import io.longspan.model.gradient.MaskedBatch;
import io.longspan.model.gradient.Parameter;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.infer.LoadedWeights;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of model on every backend that can run it, against the definition in float64. */
final class PatternReferenceTest {
    private static final double STATES = 2e-5;
    private static final double STEP = 1e-5;

    @TempDir Path folder;

    @ParameterizedTest
    @MethodSource("kinds")
    void statesAreTheDefinitions(PatternCase kind) {
        Map<String, double[]> weights = kind.write(folder);
        double[][] expected = new ReferenceModel(kind.config(), weights).states(kind.batch(), null);
        for (String name : kind.backends()) {
            try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                    AttentionBackend backend = Backends.of(name)) {
                LongformerEncoder encoder = encoder(kind, manager);
                compare(
                        kind + " " + name,
                        encoder.forward(kind.batch(), backend, manager),
                        expected);
                compare(
                        kind + " all " + name,
                        encoder.forwardAll(kind.batch(), backend, manager).getLast(),
                        expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void statesWithDropoutAreTheDefinitionsOnEveryBackend(PatternCase kind) {
        Map<String, double[]> weights = kind.write(folder);
        DropoutDraw draw = DropoutDraw.of(7, 3, 11, (1L << 40) + 5);
        double[][] expected = new ReferenceModel(kind.config(), weights).states(kind.batch(), draw);
        for (String name : kind.backends()) {
            try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                    AttentionBackend backend = Backends.of(name)) {
                LongformerEncoder encoder = encoder(kind, manager);
                for (Activations activations : Activations.values()) {
                    try (EncoderPass pass =
                            encoder.pass(kind.batch(), backend, activations, draw, manager)) {
                        compare(kind + " dropped " + name, pass.output(), expected);
                    }
                }
            }
        }
    }

    static List<PatternCase> kinds() {
        return PatternCase.all();
    }

    static List<Arguments> kindsAndDropout() {
        List<Arguments> all = new ArrayList<>();
        for (PatternCase kind : PatternCase.all()) {
            all.add(Arguments.of(kind, false));
            all.add(Arguments.of(kind, true));
        }
        return all;
    }

    /** Along random directions and single weights of every tensor, by central differences. */
    @ParameterizedTest(name = "{0}, dropout {1}")
    @MethodSource("kindsAndDropout")
    void gradientsAreTheDefinitionsSlopes(PatternCase kind, boolean dropout) {
        Map<String, double[]> weights = kind.write(folder);
        DropoutDraw draw = dropout ? DropoutDraw.of(7, 3, 11, 12) : null;
        List<Slope> slopes = slopes(kind, weights, draw);
        for (String name : kind.backends()) {
            for (Activations activations : Activations.values()) {
                Map<String, float[]> gradients = gradients(kind, name, activations, draw);
                double worst = 0;
                for (Slope slope : slopes) {
                    float[] found = gradients.get(slope.tensor());
                    if (found == null) {
                        assertThat(slope.value()).as(slope.tensor()).isZero();
                        continue;
                    }
                    double error = Math.abs(slope.along(found) - slope.value());
                    double norm = norm(found);
                    assertThat(error)
                            .as("%s %s, seed %d", name, slope.tensor(), PatternCase.SEED)
                            .isLessThanOrEqualTo(1e-4 * norm + 1e-6);
                    worst = Math.max(worst, norm < 1e-3 ? 0 : error / norm);
                }
                System.out.printf(
                        Locale.ROOT, "%s, %s, %s: %.1e%n", kind, name, activations, worst);
            }
        }
    }

    /** How fast the loss grows along a direction of one tensor's weights. */
    private record Slope(String tensor, List<Double> direction, double value) {
        double along(float[] gradient) {
            double sum = 0;
            for (int i = 0; i < gradient.length; i++) {
                sum += gradient[i] * direction.get(i);
            }
            return sum;
        }
    }

    private static List<Slope> slopes(
            PatternCase kind, Map<String, double[]> weights, @Nullable DropoutDraw draw) {
        ReferenceModel reference = new ReferenceModel(kind.config(), weights);
        Random random = new Random(PatternCase.SEED);
        List<Slope> slopes = new ArrayList<>();
        weights.forEach((tensor, values) -> {
            for (int trial = 0; trial < 3; trial++) {
                double[] direction = direction(values.length, trial, random);
                slopes.add(
                        new Slope(
                                tensor,
                                DoubleStream.of(direction).boxed().toList(),
                                slope(reference, kind, values, direction, draw)));
            }
        });
        return slopes;
    }

    /** A direction of about length 1, or a single weight. */
    private static double[] direction(int length, int trial, Random random) {
        double[] direction = new double[length];
        if (trial > 0) {
            direction[random.nextInt(length)] = 1;
            return direction;
        }
        for (int i = 0; i < length; i++) {
            direction[i] = random.nextGaussian() / Math.sqrt(length);
        }
        return direction;
    }

    private static double slope(
            ReferenceModel reference,
            PatternCase kind,
            double[] weight,
            double[] direction,
            @Nullable DropoutDraw draw) {
        double[] before = weight.clone();
        double[] loss = new double[2];
        for (int side = 0; side < 2; side++) {
            for (int i = 0; i < weight.length; i++) {
                weight[i] = before[i] + (side == 0 ? STEP : -STEP) * direction[i];
            }
            loss[side] = reference.loss(kind.batch(), kind.rows(), kind.labels(), draw);
        }
        System.arraycopy(before, 0, weight, 0, before.length);
        return (loss[0] - loss[1]) / (2 * STEP);
    }

    private Map<String, float[]> gradients(
            PatternCase kind, String name, Activations activations, @Nullable DropoutDraw draw) {
        try (AttentionBackend backend = Backends.of(name);
                TrainableModel model = TrainableModel.open(folder, Progress.none())) {
            MaskedBatch batch = new MaskedBatch(kind.batch(), kind.rows(), kind.labels());
            model.lossAndGradients(batch, backend, 1, activations, draw);
            Map<String, float[]> gradients = new TreeMap<>();
            for (Parameter parameter : model.parameters()) {
                parameter
                        .gradient()
                        .ifPresent(gradient ->
                                gradients.put(
                                        parameter.name(),
                                        gradient.toArray(ValueLayout.JAVA_FLOAT)));
            }
            return gradients;
        }
    }

    private LongformerEncoder encoder(PatternCase kind, NDManager manager) {
        try (Checkpoint opened = CheckpointFiles.open(folder)) {
            assertThat(opened.config()).isEqualTo(kind.config());
            LoadedWeights weights = new LoadedWeights(opened.names(), manager, Progress.none());
            return new LongformerEncoder(weights, opened.config());
        }
    }

    static void compare(String what, NDArray actual, double[][] expected) {
        float[] found = TensorBridge.floats(actual);
        int width = expected[0].length;
        assertThat(found).hasSize(expected.length * width);
        double worst = 0;
        int where = 0;
        for (int i = 0; i < found.length; i++) {
            double difference = Math.abs(found[i] - expected[i / width][i % width]);
            if (!(difference <= worst)) {
                worst = difference;
                where = i;
            }
        }
        assertThat(worst)
                .as("%s, token %d, seed %d", what, where / width, PatternCase.SEED)
                .isLessThanOrEqualTo(STATES);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }
}
