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
import io.longspan.training.data.DataCheck;
import io.longspan.training.data.TokenSource;
import io.longspan.training.example.ExampleData;
import io.longspan.training.metric.Evaluation;
import io.longspan.training.objective.ExampleFeed;
import io.longspan.training.objective.Feed;
import io.longspan.training.objective.Feeds;
import io.longspan.training.objective.StreamFeed;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Measures a model: a fine-tuned one on a file of examples, a language model on a data set, as a
 * run does on what it holds out. Needs no gradients of the attention backend.
 */
public final class Evaluator {
    private final TrainingConfig config;

    /**
     * A measurement to be made.
     *
     * @param model folder of a checkpoint with a head and its tokenizer; its task says what the
     *     data are
     * @param data file of examples as the objective of the task reads them; for a language model
     *     the folder of a data set, which whoever opens it hands to {@link #run}
     * @param settings further settings of the objective, such as {@code truncate}
     * @throws ModelInputException when the checkpoint cannot be read, has no such head, or its
     *     objective has no such setting
     */
    public Evaluator(Path model, Path data, Map<String, Object> settings) {
        Objective objective;
        try (Checkpoint checkpoint = CheckpointFiles.open(model)) {
            Task task = checkpoint.names().task();
            objective =
                    task != Task.MASKED_LM
                            ? Objective.ofExamples(task)
                            : checkpoint.config().causal()
                                    ? Objective.CAUSAL_LM
                                    : Objective.MASKED_LM;
        }
        Map<String, Object> all = new HashMap<>(settings);
        all.put("objective", objective.key());
        all.put("model", model.toString());
        all.put("output", model.toString());
        all.put("evaluation_share", 0);
        all.put(objective.readsExamples() ? "train" : "data", data.toString());
        all.put(objective.readsExamples() ? "epochs" : "steps", 1);
        config = TrainingConfig.parse(all);
    }

    /**
     * What it asks of an attention backend, for selection.
     *
     * @throws ModelInputException when the model's configuration cannot be read
     */
    public List<Workload> needs() {
        return Trainer.needsToMeasure(config);
    }

    /**
     * What came of it.
     *
     * @param objective that the head was trained for
     * @param examples that were read; of questions the windows, of a data set the blocks
     * @param measured loss and metrics
     */
    public record Result(Objective objective, int examples, Evaluation measured) {}

    /** Whether it measures on a data set, which has to be handed to {@link #run}. */
    public boolean readsDataSet() {
        return !config.objective().readsExamples();
    }

    /**
     * Measures. A file is read whole before anything is computed.
     *
     * @param attention stays the caller's
     * @param tokens of the data set, the caller's; null where a file is read
     * @throws ModelInputException naming the line, question or setting that cannot be used
     */
    public Result run(AttentionBackend attention, @Nullable TokenSource tokens) {
        FineTuning tuning = config.tuning();
        ExampleData data = tuning == null ? null : read(tuning);
        try (TrainableModel model = TrainableModel.open(config.model(), Progress.none())) {
            DataCheck.length(config, model.config());
            if (data != null) {
                return result(
                        new ExampleFeed(config, model.setup(), data),
                        data.heldOut().size(),
                        model,
                        attention);
            }
            StreamFeed feed =
                    Feeds.measuring(
                            config, Objects.requireNonNull(tokens), model.setup(), config.model());
            return result(feed, feed.measured(), model, attention);
        }
    }

    private Result result(
            Feed feed, int examples, TrainableModel model, AttentionBackend attention) {
        Evaluation measured = feed.evaluate(model, attention);
        if (measured == null) {
            throw new IllegalStateException("data with nothing to measure were not refused");
        }
        return new Result(config.objective(), examples, measured);
    }

    private ExampleData read(FineTuning tuning) {
        try (Checkpoint checkpoint = CheckpointFiles.open(config.model())) {
            ExampleData read = ExampleData.read(config, tuning, checkpoint, true);
            return new ExampleData(tuning, read.task(), List.of(), read.training());
        }
    }
}
