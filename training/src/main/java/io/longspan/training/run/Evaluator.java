package io.longspan.training.run;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Workload;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.FineTuning;
import io.longspan.training.config.Objective;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.example.ExampleData;
import io.longspan.training.metric.Evaluation;
import io.longspan.training.objective.ExampleFeed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Measures a classifier on a file of examples, as a run of fine-tuning does on its held-out ones.
 */
public final class Evaluator {
    private final TrainingConfig config;
    private final FineTuning tuning;

    /**
     * A measurement to be made.
     *
     * @param model folder of a checkpoint with a classifier and its tokenizer
     * @param file JSON lines with {@code text}, {@code label} and perhaps {@code text_pair}
     * @param truncate whether texts longer than the model are cut; they are refused otherwise
     */
    public Evaluator(Path model, Path file, boolean truncate) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("objective", Objective.CLASSIFICATION.key());
        settings.put("model", model.toString());
        settings.put("output", model.toString());
        settings.put("train", file.toString());
        settings.put("evaluation_share", 0);
        settings.put("epochs", 1);
        settings.put("truncate", truncate);
        config = TrainingConfig.parse(settings);
        tuning = Objects.requireNonNull(config.tuning());
    }

    /**
     * What it asks of an attention backend, for selection.
     *
     * @throws ModelInputException when the model's configuration cannot be read
     */
    public List<Workload> needs() {
        return Trainer.needs(config);
    }

    /**
     * What came of it.
     *
     * @param examples that were read
     * @param measured loss and metrics
     */
    public record Result(int examples, Evaluation measured) {}

    /**
     * Measures. The file is read whole before anything is computed.
     *
     * @param attention stays the caller's
     * @throws ModelInputException when the checkpoint is no classifier, or naming the line that
     *     cannot be used
     */
    public Result run(AttentionBackend attention) {
        ExampleData read;
        try (Checkpoint checkpoint = CheckpointFiles.open(config.model())) {
            Task task = checkpoint.names().task();
            if (task != Task.SEQUENCE_CLASSIFICATION) {
                throw new ModelInputException(
                        "'"
                                + config.model()
                                + "' is a "
                                + task.key()
                                + " checkpoint; name one with a classifier, as objective: classification makes them");
            }
            read = ExampleData.read(config, tuning, checkpoint, true);
        }
        ExampleData data = new ExampleData(tuning, read.labels(), List.of(), read.training());
        try (TrainableModel model = TrainableModel.open(config.model(), Progress.none())) {
            Evaluation measured =
                    new ExampleFeed(config, model.setup(), data).evaluate(model, attention);
            if (measured == null) {
                throw new IllegalStateException("a file without examples was not refused");
            }
            return new Result(data.heldOut().size(), measured);
        }
    }
}
