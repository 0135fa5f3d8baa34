package io.longspan.model.infer;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.model.checkpoint.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every output of transformers, pads included, within 2e-5 of its largest value, on every backend
 * of this build.
 */
final class TransformersParityTest {
    private static final List<String> CASES =
            List.of(
                    "encoder-local",
                    "encoder-global-first",
                    "encoder-global-many",
                    "encoder-masked-middle",
                    "masked-lm",
                    "classification-single-label",
                    "classification-multi-label",
                    "classification-regression",
                    "question-answering",
                    "token-classification",
                    "multiple-choice",
                    "roberta-source",
                    "roberta-padded",
                    "roberta-converted");

    @TempDir Path folder;

    static Stream<Arguments> everyCaseOnEveryBackend() {
        return CASES.stream()
                .flatMap(c -> Stream.of("loop", "chunks", "fused").map(b -> Arguments.of(c, b)));
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("everyCaseOnEveryBackend")
    void outputsEqualTransformers(String name, String backend) throws IOException {
        Path output = folder.resolve("out.safetensors");
        List<String> written = Fixture.forward(name, backend, output);
        try (SafetensorsFile actual = SafetensorsFile.open(output);
                SafetensorsFile expected =
                        SafetensorsFile.open(Fixture.folder(name).resolve("outputs.safetensors"))) {
            assertThat(written).containsExactlyElementsOf(expected.names());
            for (String tensor : expected.names()) {
                assertThat(actual.info(tensor).shape()).isEqualTo(expected.info(tensor).shape());
                compare(tensor, actual.get(tensor).toFloats(), expected.get(tensor).toFloats());
            }
        }
    }

    private static void compare(String tensor, float[] actual, float[] expected) {
        double largest = 1;
        double worst = 0;
        int where = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            double error = Math.abs((double) actual[i] - expected[i]);
            if (!(error <= worst)) {
                worst = error;
                where = i;
            }
        }
        assertThat(worst)
                .as(
                        "%s: largest error at element %d, %s instead of %s",
                        tensor, where, actual[where], expected[where])
                .isLessThanOrEqualTo(2e-5 * largest);
    }
}
