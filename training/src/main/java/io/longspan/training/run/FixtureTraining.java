package io.longspan.training.run;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.InputFiles;
import io.longspan.model.InputJson;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.SafetensorsFile;
import io.longspan.model.gradient.GradientFile;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.infer.BatchTensors;
import io.longspan.training.config.Decay;
import io.longspan.training.optim.AdamW;
import io.longspan.training.optim.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Trains a model on one batch with the optimiser settings of another implementation's run, to
 * compare losses step by step.
 */
public final class FixtureTraining {
    private static final long LARGEST = 1 << 20;

    private FixtureTraining() {}

    /**
     * Runs.
     *
     * @param folder with a checkpoint that has a head, {@code inputs.safetensors} (ids, mask,
     *     labels) and {@code losses.json}, whose settings {@code lr}, {@code warmup}, {@code
     *     steps}, {@code power}, {@code betas}, {@code eps}, {@code weight_decay} and {@code clip}
     *     are used; its losses are not read
     * @return the mean loss of each step, before the step's update
     * @throws ModelInputException when something is missing or the checkpoint has no head
     */
    public static List<Double> run(Path folder, AttentionBackend attention) {
        JsonNode settings = settings(folder.resolve("losses.json"));
        Schedule schedule =
                new Schedule(
                        Decay.POLYNOMIAL,
                        number(settings, "lr"),
                        0,
                        (int) number(settings, "warmup"),
                        (int) number(settings, "steps"),
                        number(settings, "power"));
        List<Double> losses = new ArrayList<>();
        try (TrainableModel model = TrainableModel.open(folder, Progress.none());
                SafetensorsFile inputs =
                        SafetensorsFile.open(folder.resolve("inputs.safetensors"));
                AdamW optimiser =
                        new AdamW(
                                model.parameters(),
                                number(settings.path("betas"), 0),
                                number(settings.path("betas"), 1),
                                number(settings, "eps"),
                                number(settings, "weight_decay"))) {
            LabelledBatch batch = GradientFile.batch(BatchTensors.read(inputs, model.setup()));
            int terms = batch.labels().terms();
            double clip = number(settings, "clip");
            for (int step = 0; step < schedule.steps(); step++) {
                model.zeroGradients();
                double sum = model.lossAndGradients(batch, attention, 1f / terms);
                losses.add(sum / terms);
                double norm = optimiser.gradientNorm();
                optimiser.step(schedule.rate(step), Math.min(1, clip / (norm + 1e-6)));
            }
        }
        return losses;
    }

    private static ObjectNode settings(Path file) {
        byte[] json = InputFiles.read(file, LARGEST);
        try {
            return InputJson.object(json);
        } catch (ModelInputException e) {
            throw e.in(file);
        }
    }

    private static double number(JsonNode settings, String key) {
        return numberOf(settings.path(key), "setting '" + key + "'");
    }

    private static double number(JsonNode list, int index) {
        return numberOf(list.path(index), "number " + index + " of setting 'betas'");
    }

    private static double numberOf(JsonNode node, String what) {
        if (!node.isNumber()) {
            throw new ModelInputException(
                    what + " of losses.json is missing or no number; give one");
        }
        return node.asDouble();
    }
}
