package io.longspan.model.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.Backends;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.infer.BatchTensors;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class FrozenGradientTest {
    private static final Map<String, Predicate<String>> CHOICES =
            Map.of(
                    "positions only", name -> name.contains("position_embeddings"),
                    "all but tables", name -> !name.startsWith("embeddings."),
                    "from layer 1 on", name -> !name.matches("(embeddings|encoder.layer.0)[.].*"),
                    "one matrix", name -> name.equals("encoder.layer.1.output.dense.weight"),
                    "biases", name -> name.endsWith(".bias"),
                    "words", name -> name.equals("embeddings.word_embeddings.weight"),
                    "head", name -> !name.matches("(embeddings|encoder)[.].*"));

    static Stream<Arguments> cases() {
        return Stream.of("masked-lm", "question-answering", "classification-single-label")
                .flatMap(fixture ->
                        Stream.of("chunks", "fused")
                                .flatMap(backend ->
                                        Stream.of(Activations.values())
                                                .map(kept ->
                                                        Arguments.of(fixture, backend, kept))));
    }

    @ParameterizedTest(name = "{0} on {1}, {2}")
    @MethodSource("cases")
    void aTrainedWeightHasTheSameBitsWhateverElseIsTrained(
            String fixture, String backend, Activations activations) {
        try (AttentionBackend attention = Backends.of(backend)) {
            Map<String, float[]> all = gradients(fixture, attention, activations, name -> true);
            CHOICES.forEach((what, choice) -> {
                Map<String, float[]> expected = new TreeMap<>(all);
                expected.keySet().removeIf(choice.negate());
                assertThat(expected).as(what).isNotEmpty();
                Map<String, float[]> some = gradients(fixture, attention, activations, choice);
                assertThat(some.keySet()).as(what).isEqualTo(expected.keySet());
                some.forEach((name, gradient) ->
                        assertThat(gradient)
                                .as("%s: %s", what, name)
                                .isEqualTo(expected.get(name)));
            });
        }
    }

    /** Of two batches, so that gradients are added up as well. */
    private static Map<String, float[]> gradients(
            String name,
            AttentionBackend attention,
            Activations activations,
            Predicate<String> trained) {
        Path fixture = fixture(name);
        try (TrainableModel model = TrainableModel.open(fixture, Progress.none());
                SafetensorsFile inputs =
                        SafetensorsFile.open(fixture.resolve("inputs.safetensors"))) {
            List<Parameter> wanted =
                    model.parameters().stream().filter(p -> trained.test(p.name())).toList();
            model.trainOnly(wanted);
            LabelledBatch batch = GradientFile.batch(BatchTensors.read(inputs, model.setup()));
            int sequences = batch.tokens().layout().sequences();
            DropoutDraw draw = DropoutDraw.of(9, 4, LongStream.range(0, sequences).toArray());
            model.lossAndGradients(batch, attention, 0.5f, activations, null);
            model.lossAndGradients(batch, attention, 1, activations, draw);
            Map<String, float[]> gradients = new TreeMap<>();
            model.parameters()
                    .forEach(p ->
                            p.gradient()
                                    .ifPresent(g ->
                                            gradients.put(
                                                    p.name(), g.toArray(ValueLayout.JAVA_FLOAT))));
            return gradients;
        }
    }

    private static Path fixture(String name) {
        try {
            return Path.of(FrozenGradientTest.class.getResource("/fixtures/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
