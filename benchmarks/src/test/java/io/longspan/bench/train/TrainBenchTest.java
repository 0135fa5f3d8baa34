package io.longspan.bench.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.Activations;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.head.TokenLabels;
import io.longspan.model.tensor.MklFullSpeed;
import io.longspan.training.config.Computing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainBenchTest {
    @TempDir Path folder;

    @Test
    void stepsAreTimedInTheirOwnProcessBesideAPeer() throws IOException {
        Path model = folder.resolve("model");
        RandomCheckpoint.write(Presets.get("tiny"), 1, model, null, Progress.none());
        Path python = folder.resolve("python");
        Files.writeString(
                python, "#!/bin/sh\nprintf 'peer 1\\t1000\\t10.5\\t10.25\\t2.0\\t4.0\\t3.0\\n'\n");
        Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwx------"));
        TrainBenchResult result =
                new TrainBench(AttentionSettings.defaults().withBackend("chunks"), line -> {})
                        .run(asked(model, python, List.of("checkpointing")));
        TrainContender own = result.own().getFirst();
        assertThat(own.note()).isEmpty();
        assertThat(own.version()).startsWith("chunks ");
        assertThat(Objects.requireNonNull(own.timing()).runs()).isEqualTo(2);
        assertThat(own.peakBytes()).isGreaterThan(10_000_000);
        assertThat(own.lastLoss()).isLessThan(own.firstLoss());
        TrainContender peer = result.peers().getFirst();
        assertThat(peer.peakBytes()).isEqualTo(1000);
        assertThat(Objects.requireNonNull(peer.timing()).medianSeconds()).isEqualTo(3);
        assertThat(peer.lastLoss()).isEqualTo(10.25);
    }

    @Test
    void aContenderThatSaysNoNumbersSaysWhy() {
        TrainContender none = TrainContender.of("x", "none\tnot installed: torch");
        assertThat(none.timing()).isNull();
        assertThat(none.note()).isEqualTo("not installed: torch");
    }

    @Test
    void everySeventhTokenIsHiddenAndToBeGuessed() {
        LongformerConfig config = Presets.get("tiny");
        LabelledBatch batch = TrainBenchMain.batch(config, 30);
        TokenLabels labels = (TokenLabels) batch.labels();
        assertThat(labels.rows(batch.tokens().layout())).containsExactly(3, 10, 17, 24);
        assertThat(labels.labels()[0]).isEqualTo(5 + (3 * 7919L + 13) % (config.vocabSize() - 6));
    }

    @Test
    void anUnknownPeerIsRefused() {
        assertThatThrownBy(() -> asked(folder, null, List.of("jax")))
                .hasMessage("peer 'jax' is not known; known are checkpointing, plain");
    }

    private static TrainBenchRequest asked(Path model, @Nullable Path python, List<String> peers) {
        return new TrainBenchRequest(
                model,
                70,
                1,
                2,
                Activations.RECOMPUTED,
                Computing.Products.AUTO,
                List.of(MklFullSpeed.Mode.OFF),
                python,
                peers);
    }
}
