package io.longspan.model.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.infer.BatchTensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training step with dropout in encoder and head, for the heads that drop. */
final class DropoutGradientTest {
    private static final long SEED = 20261124;
    private static final DropoutRates SOME = new DropoutRates(0.3, 0.2);
    private static final DropoutRates NONE = new DropoutRates(0, 0);

    private record Step(double loss, Map<String, float[]> gradients) {}

    @ParameterizedTest
    @ValueSource(
            strings = {"classification-single-label", "token-classification", "multiple-choice"})
    void stepsOfAllBackendsAgreeAndDifferFromOnesWithoutDropout(String name) {
        Step loop = step(name, "loop", SOME, true, Activations.KEPT);
        Step fused = step(name, "fused", SOME, true, Activations.KEPT);
        Step again = step(name, "fused", SOME, true, Activations.RECOMPUTED);
        assertThat(fused.loss()).isCloseTo(loop.loss(), within(1e-5 * loop.loss()));
        assertThat(fused.gradients().keySet()).isEqualTo(loop.gradients().keySet());
        loop.gradients()
                .forEach((weight, wanted) -> close(weight, fused.gradients().get(weight), wanted));
        assertThat(again.gradients()).containsExactlyEntriesOf(fused.gradients());
        Step without = step(name, "fused", NONE, true, Activations.KEPT);
        assertThat(without.loss()).isNotCloseTo(fused.loss(), within(1e-4 * fused.loss()));
        Step undrawn = step(name, "fused", SOME, false, Activations.KEPT);
        assertThat(undrawn.loss()).isEqualTo(without.loss());
        assertThat(undrawn.gradients()).containsExactlyEntriesOf(without.gradients());
    }

    /** Central differences in a random direction of each weight, under the same draw. */
    @ParameterizedTest
    @ValueSource(
            strings = {"classification-single-label", "token-classification", "multiple-choice"})
    void gradientsAreThoseOfTheLossUnderTheSameDraw(String name) {
        System.out.println("seed " + SEED);
        Random random = new Random(SEED);
        Path fixture = fixture(name);
        try (AttentionBackend attention = Backends.of("fused");
                TrainableModel model = TrainableModel.open(fixture, null, SOME, Progress.none())) {
            LabelledBatch batch = batch(model, fixture);
            DropoutDraw draw = draw(batch);
            model.lossAndGradients(batch, attention, 1, Activations.KEPT, draw);
            Map<String, float[]> gradients = gradients(model);
            for (Parameter parameter : model.parameters()) {
                float[] gradient = gradients.get(parameter.name());
                if (gradient == null
                        || !parameter.name().matches("(classifier|pooler|.*layer\\.1).*weight")) {
                    continue;
                }
                float[] direction = new float[gradient.length];
                double slope = 0;
                for (int i = 0; i < direction.length; i++) {
                    direction[i] = (float) random.nextGaussian();
                    slope += direction[i] * gradient[i];
                }
                double step = 4e-3 / Math.sqrt(direction.length);
                move(parameter, direction, step);
                double above = loss(model, batch, attention, draw);
                move(parameter, direction, -2 * step);
                double below = loss(model, batch, attention, draw);
                move(parameter, direction, step);
                assertThat((above - below) / (2 * step))
                        .as(parameter.name())
                        .isCloseTo(slope, within(0.02 + 0.02 * Math.abs(slope)));
            }
        }
    }

    private static double loss(
            TrainableModel model,
            LabelledBatch batch,
            AttentionBackend attention,
            DropoutDraw draw) {
        return model.lossAndGradients(batch, attention, 1, Activations.KEPT, draw);
    }

    private static Step step(
            String name,
            String backend,
            DropoutRates rates,
            boolean drawn,
            Activations activations) {
        Path fixture = fixture(name);
        try (AttentionBackend attention = Backends.of(backend);
                TrainableModel model = TrainableModel.open(fixture, null, rates, Progress.none())) {
            LabelledBatch batch = batch(model, fixture);
            double loss =
                    model.lossAndGradients(
                            batch, attention, 1, activations, drawn ? draw(batch) : null);
            return new Step(loss, gradients(model));
        }
    }

    private static LabelledBatch batch(TrainableModel model, Path fixture) {
        try (SafetensorsFile inputs = SafetensorsFile.open(fixture.resolve("inputs.safetensors"))) {
            return GradientFile.batch(BatchTensors.read(inputs, model.setup()));
        }
    }

    private static DropoutDraw draw(LabelledBatch batch) {
        int sequences = batch.tokens().layout().sequences();
        return DropoutDraw.of(SEED, 4, LongStream.range(100, 100 + sequences).toArray());
    }

    private static Map<String, float[]> gradients(TrainableModel model) {
        Map<String, float[]> gradients = new TreeMap<>();
        for (Parameter parameter : model.parameters()) {
            parameter
                    .gradient()
                    .ifPresent(g ->
                            gradients.put(parameter.name(), g.toArray(ValueLayout.JAVA_FLOAT)));
        }
        return gradients;
    }

    private static void move(Parameter parameter, float[] direction, double step) {
        MemorySegment values = parameter.values();
        for (int i = 0; i < direction.length; i++) {
            float value = values.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            values.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (value + step * direction[i]));
        }
    }

    private static void close(String name, float[] actual, float[] expected) {
        double norm = 0;
        double error = 0;
        for (int i = 0; i < expected.length; i++) {
            norm += (double) expected[i] * expected[i];
            error += Math.pow((double) actual[i] - expected[i], 2);
        }
        assertThat(Math.sqrt(error)).as(name).isLessThanOrEqualTo(1e-6 + 1e-4 * Math.sqrt(norm));
    }

    private static Path fixture(String name) {
        try {
            return Path.of(DropoutGradientTest.class.getResource("/fixtures/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
