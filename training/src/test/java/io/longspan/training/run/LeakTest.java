package io.longspan.training.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.Progress;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Sequences;
import io.longspan.training.data.TokenSource;
import io.longspan.training.objective.Feed;
import io.longspan.training.objective.MaskedBatches;
import io.longspan.training.objective.Masking;
import io.longspan.training.optim.AdamW;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LeakTest {
    private static final int WARM = 10;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"loop", "chunks", "fused"})
    void stepsLeaveNoArrayBehind(String name) {
        Path path = Tiny.model(folder);
        TrainingConfig config = TrainingConfig.parse(Tiny.settings(path, folder.resolve("run")));
        TokenSource data = Tiny.data(3000);
        try (AttentionBackend backend = Tiny.backend(name);
                TrainableModel model = TrainableModel.open(path, Progress.none());
                AdamW optimiser = new AdamW(model.parameters(), 0.9, 0.98, 1e-6, 0.01)) {
            Masking masking = new Masking(1, 0.15, 0.8, 0.1, Tiny.MASK, Tiny.VOCABULARY);
            Sequences sequences = Sequences.of(List.of(data), MaskedBatches.cut(config), config);
            MaskedBatches samples = new MaskedBatches(sequences, model.setup(), masking, config);
            int after = 0;
            for (int step = 0; step < 2 * WARM; step++) {
                model.zeroGradients();
                for (Feed.Sample sample : samples.batches(step, new int[] {1, 2, 3})) {
                    LabelledBatch batch = sample.batch();
                    DropoutDraw draw = new DropoutDraw(1, step, sample.samples());
                    model.lossAndGradients(batch, backend, 1);
                    model.lossAndGradients(batch, backend, 1, Activations.RECOMPUTED);
                    model.lossAndGradients(batch, backend, 1, Activations.KEPT, draw);
                    model.loss(batch, backend);
                }
                optimiser.step(1e-3, 1);
                if (step == WARM) {
                    after = model.liveArrays();
                }
            }
            assertThat(model.liveArrays()).isEqualTo(after).isPositive();
        }
    }

    /** What libtorch itself holds shows only in the size of the process. */
    @ParameterizedTest
    @ValueSource(strings = {"chunks", "fused"})
    @EnabledOnOs(value = OS.LINUX, disabledReason = "reads /proc")
    void memoryIsFlatOverManySteps(String name) throws IOException {
        Path path = Tiny.model(folder);
        Map<String, Object> settings = Tiny.settings(path, folder.resolve("run"));
        settings.put("steps", 500);
        settings.put("tokens_per_step", 64 * 32);
        settings.put("tokens_per_batch", 64 * 32);
        settings.put("evaluation_share", 0);
        settings.put("mask_share", 0.5);
        long[] resident = new long[5];
        try (AttentionBackend backend = Tiny.backend(name)) {
            Trainer.run(
                    new TrainingRequest(
                            TrainingConfig.parse(settings),
                            backend,
                            name,
                            "test",
                            List.of(Tiny.data(30_000))),
                    RunLog.none(),
                    step -> {
                        if (step.step() % 100 == 0) {
                            resident[Math.toIntExact(step.step() / 100) - 1] = residentKilobytes();
                        }
                    },
                    () -> false);
        }
        System.out.println("resident KiB " + Arrays.toString(resident));
        // One step's scores alone are 400 KB: 100 leaked ones would be 40 MB in every stretch. The
        // Java heap is in there, too: it grows until the collector has settled.
        long least = Long.MAX_VALUE;
        for (int stretch = 1; stretch < resident.length; stretch++) {
            least = Math.min(least, resident[stretch] - resident[stretch - 1]);
        }
        assertThat(least).isLessThan(10_000);
    }

    private static long residentKilobytes() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("RssAnon:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
