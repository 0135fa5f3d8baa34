package io.longspan.training.optim;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.gradient.Parameter;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Sequences;
import io.longspan.training.objective.Feed;
import io.longspan.training.objective.MaskedBatches;
import io.longspan.training.objective.Masking;
import io.longspan.training.run.Tiny;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdamWTest {
    private static final double RATE = 1e-2;
    private static final double DECAY = 0.5;

    @TempDir Path folder;

    private static MaskedBatches samples(TrainableModel model, TrainingConfig config) {
        return new MaskedBatches(
                Sequences.of(List.of(Tiny.data(3000)), MaskedBatches.cut(config), config),
                model.setup(),
                new Masking(1, 0.15, 0.8, 0.1, Tiny.MASK, Tiny.VOCABULARY),
                config);
    }

    /** Without global tokens the global projections take no part in any loss. */
    @Test
    void aWeightWithoutGradientHasNoStateAndDoesNotDecay() throws IOException {
        Path path = Tiny.model(folder);
        TrainingConfig config = TrainingConfig.parse(Tiny.settings(path, folder.resolve("run")));
        try (AttentionBackend backend = Tiny.backend("loop");
                TrainableModel model = TrainableModel.open(path, Progress.none());
                AdamW optimiser = new AdamW(model.parameters(), 0.9, 0.98, 1e-6, DECAY)) {
            MaskedBatches samples = samples(model, config);
            Map<String, float[]> before = values(model);
            for (int step = 0; step < 3; step++) {
                model.zeroGradients();
                for (Feed.Sample sample : samples.batches(step, new int[] {1, 2, 3})) {
                    model.lossAndGradients(sample.batch(), backend, 1);
                }
                optimiser.step(RATE, 1);
            }
            Map<String, float[]> after = values(model);
            Path saved = Files.createDirectory(folder.resolve("state"));
            MomentFile.write(optimiser, model.parameters(), saved);
            try (SafetensorsFile file =
                    SafetensorsFile.open(saved.resolve("optimizer.safetensors"))) {
                int absent = 0;
                for (Parameter parameter : model.parameters()) {
                    String name = parameter.name();
                    boolean idle = name.contains("_global.");
                    assertThat(parameter.gradient().isEmpty()).as(name).isEqualTo(idle);
                    assertThat(optimiser.moments().containsKey(name)).as(name).isEqualTo(!idle);
                    assertThat(file.names().stream().anyMatch(entry -> entry.startsWith(name)))
                            .as("the file's %s", name)
                            .isEqualTo(!idle);
                    if (idle) {
                        absent++;
                        assertThat(after.get(name)).as(name).containsExactly(before.get(name));
                    } else {
                        assertThat(after.get(name)).as(name).isNotEqualTo(before.get(name));
                    }
                }
                assertThat(absent).as("3 projections in 2 layers").isEqualTo(12);
            }
        }
    }

    /** A gradient of zeros is a gradient: a matrix decays by rate times decay, a bias does not. */
    @Test
    void aWeightWhoseGradientIsZeroDecays() {
        Path path = Tiny.model(folder);
        TrainingConfig config = TrainingConfig.parse(Tiny.settings(path, folder.resolve("run")));
        try (AttentionBackend backend = Tiny.backend("loop");
                TrainableModel model = TrainableModel.open(path, Progress.none());
                AdamW optimiser = new AdamW(model.parameters(), 0.9, 0.98, 1e-6, DECAY)) {
            MaskedBatches samples = samples(model, config);
            Feed.Sample sample = samples.batches(0, new int[] {1}).getFirst();
            model.lossAndGradients(sample.batch(), backend, 1);
            model.zeroGradients();
            Map<String, float[]> before = values(model);
            optimiser.step(RATE, 1);
            values(model)
                    .forEach((name, after) -> {
                        boolean decays =
                                !name.contains("_global.")
                                        && !name.contains("LayerNorm")
                                        && !name.contains("layer_norm")
                                        && name.endsWith(".weight");
                        float keep = decays ? (float) (1 - RATE * DECAY) : 1;
                        float[] wanted = before.get(name).clone();
                        for (int i = 0; i < wanted.length; i++) {
                            wanted[i] *= keep;
                        }
                        assertThat(after).as(name).containsExactly(wanted);
                    });
        }
    }

    private static Map<String, float[]> values(TrainableModel model) {
        Map<String, float[]> values = new TreeMap<>();
        for (Parameter parameter : model.parameters()) {
            values.put(parameter.name(), parameter.values().toArray(ValueLayout.JAVA_FLOAT));
        }
        return values;
    }
}
