package io.longspan.model.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fixture's global projections were drawn apart from its local ones. */
final class GlobalResyncTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures");

    @TempDir Path folder;

    private Path model;

    @BeforeEach
    void copyAModel() throws IOException {
        model = Files.createDirectory(folder.resolve("model"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(FIXTURES.resolve("masked-lm").resolve(name), model.resolve(name));
        }
    }

    @Test
    void globalProjectionsBecomeTheLocalOnesAndNothingElseChanges() throws IOException {
        Path to = folder.resolve("synced");
        Files.writeString(model.resolve("merges.txt"), "#version: 0.2\n");
        ResyncReport report = GlobalResync.run(model, to, Progress.none());
        assertThat(report.tensors()).isEqualTo(18);
        assertThat(report.changed()).isTrue();
        assertSynced(model, to);
        assertThat(to.resolve("config.json")).hasSameBinaryContentAs(model.resolve("config.json"));
        assertThat(to.resolve("merges.txt")).exists();
        assertThat(GlobalResync.run(to, null, Progress.none()).changed()).isFalse();
    }

    @Test
    void theReportGivesTheDistanceBefore() {
        ResyncReport report = GlobalResync.run(model, folder.resolve("to"), Progress.none());
        try (TensorSource source = CheckpointFiles.tensors(model)) {
            String self = "longformer.encoder.layer.1.attention.self.";
            double query = distance(source, self + "query");
            double key = distance(source, self + "key");
            double value = distance(source, self + "value");
            ResyncReport.Layer layer = report.layers().get(1);
            assertThat(layer.query()).isCloseTo(Math.sqrt(query), within(1e-9));
            assertThat(layer.key()).isCloseTo(Math.sqrt(key), within(1e-9));
            assertThat(layer.value()).isCloseTo(Math.sqrt(value), within(1e-9));
            assertThat(layer.relative()).isBetween(1.0, 2.0); // two independent draws: root of 2
        }
        assertThat(report.layers()).hasSize(3);
    }

    @Test
    void inPlaceTheWeightsAreReplacedInOneStep() throws IOException {
        GlobalResync.run(model, null, Progress.none());
        assertSynced(FIXTURES.resolve("masked-lm"), model);
        try (Stream<Path> files = Files.list(model)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors");
        }
    }

    @Test
    void whatFailsLeavesTheModelAsItWas() throws IOException {
        byte[] before = Files.readAllBytes(model.resolve("model.safetensors"));
        assertThatThrownBy(() ->
                        GlobalResync.run(
                                model,
                                null,
                                (what, done, total) -> {
                                    if (done == 30) {
                                        throw new IllegalStateException("disk");
                                    }
                                }))
                .hasMessage("disk");
        assertThat(Files.readAllBytes(model.resolve("model.safetensors"))).isEqualTo(before);
        try (Stream<Path> files = Files.list(model)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void aModelWithoutGlobalProjectionsIsRefused() {
        assertThatThrownBy(() ->
                        GlobalResync.run(
                                FIXTURES.resolve("roberta-source"),
                                folder.resolve("to"),
                                Progress.none()))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("roberta")
                .hasMessageContaining("longspan convert");
        assertThat(folder.resolve("to")).doesNotExist();
    }

    private static double distance(TensorSource source, String projection) {
        double sum = 0;
        for (String part : List.of(".weight", ".bias")) {
            float[] local = source.get(projection + part).toFloats();
            float[] global = source.get(projection + "_global" + part).toFloats();
            for (int i = 0; i < local.length; i++) {
                sum += Math.pow((double) local[i] - global[i], 2);
            }
        }
        return sum;
    }

    private static void assertSynced(Path before, Path after) {
        try (TensorSource old = CheckpointFiles.tensors(before);
                TensorSource synced = CheckpointFiles.tensors(after)) {
            assertThat(synced.names()).isEqualTo(old.names());
            for (String name : old.names()) {
                String from = name.replace("_global.", ".");
                assertThat(synced.get(name).data().mismatch(old.get(from).data()))
                        .as(name)
                        .isEqualTo(-1);
            }
        }
    }
}
