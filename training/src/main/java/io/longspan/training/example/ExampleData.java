package io.longspan.training.example;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.head.ProblemType;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.training.config.FineTuning;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Fingerprint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/**
 * Everything that a run of fine-tuning reads, in memory.
 *
 * @param tuning its settings
 * @param labels what labels mean
 * @param training examples to learn from, none where a model is only measured
 * @param heldOut examples to measure on, none if none are asked for
 */
public record ExampleData(
        FineTuning tuning,
        LabelSet labels,
        List<EncodedExample> training,
        List<EncodedExample> heldOut) {
    public ExampleData {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /** Steps of one time through the examples. */
    public int stepsPerEpoch() {
        return Math.ceilDiv(training.size(), tuning.examplesPerStep());
    }

    /** What tells the files from others; a run is only gone on with on the files it began with. */
    public static void bind(FineTuning tuning, NavigableMap<String, String> binding) {
        binding.put("train_digest", Fingerprint.of(checked(tuning.train())));
        Path validation = tuning.validation();
        if (validation != null) {
            binding.put("validation_digest", Fingerprint.of(checked(validation)));
        }
    }

    private static Path checked(Path file) {
        InputFiles.size(file);
        return file;
    }

    /**
     * Reads the files and encodes them with the checkpoint's tokenizer.
     *
     * @param keepsHead whether the checkpoint's head, if it is a classifier, says what labels mean
     * @throws ModelInputException naming the file, line or setting that cannot be used
     */
    public static ExampleData read(
            TrainingConfig config, FineTuning tuning, Checkpoint checkpoint, boolean keepsHead) {
        List<Example> all = ExampleFile.read(tuning.train());
        Path validation = tuning.validation();
        List<Example> training = all;
        List<Example> heldOut = List.of();
        if (validation != null) {
            heldOut = ExampleFile.read(validation);
        } else if (config.looks().share() > 0) {
            Map<Boolean, List<Example>> split = HeldOut.split(all, config.looks().share());
            training = split.getOrDefault(false, List.of());
            heldOut = split.getOrDefault(true, List.of());
            if (training.isEmpty() || heldOut.isEmpty()) {
                throw new ModelInputException(
                        "'"
                                + tuning.train()
                                + "' has "
                                + all.size()
                                + " examples, of which "
                                + heldOut.size()
                                + " fall into the held-out share of "
                                + config.looks().share()
                                + "; give more, name a validation file, or set evaluation_share: 0");
            }
        }
        LabelSet labels = labels(tuning, checkpoint, keepsHead, all);
        int longest =
                config.sequenceLength() == 0
                        ? checkpoint.config().usablePositions()
                        : config.sequenceLength();
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(checkpoint.folder())) {
            ExampleEncoder encoder =
                    new ExampleEncoder(
                            tokenizer, checkpoint.config(), labels, longest, tuning.truncate());
            return new ExampleData(
                    tuning, labels, encoder.encode(training), encoder.encode(heldOut));
        }
    }

    private static LabelSet labels(
            FineTuning tuning, Checkpoint checkpoint, boolean keepsHead, List<Example> examples) {
        TensorNames names = checkpoint.names();
        boolean keeps = keepsHead && names.task() == Task.SEQUENCE_CLASSIFICATION;
        ProblemType wanted = tuning.problem();
        ProblemType problem =
                wanted != null
                        ? wanted
                        : keeps
                                ? ProblemType.stored(checkpoint.config())
                                        .orElseGet(() -> LabelSet.guess(examples.getFirst()))
                                : LabelSet.guess(examples.getFirst());
        if (!keeps) {
            return tuning.labels().isEmpty()
                    ? LabelSet.found(problem, examples)
                    : new LabelSet(problem, tuning.labels());
        }
        int classes = names.get("classifier.out_proj.weight").info().shape().getFirst().intValue();
        boolean fits =
                problem == ProblemType.REGRESSION
                        ? classes == 1
                        : tuning.labels().isEmpty() || tuning.labels().size() == classes;
        if (!fits) {
            throw new ModelInputException(
                    "the head of '"
                            + checkpoint.folder()
                            + "' gives "
                            + classes
                            + " scores, which is not what "
                            + (problem == ProblemType.REGRESSION
                                    ? "problem: regression"
                                    : "'labels'")
                            + " asks for; set fresh_head: true to begin with a new one");
        }
        List<String> own = checkpoint.config().labels();
        return new LabelSet(
                problem,
                !tuning.labels().isEmpty()
                        ? tuning.labels()
                        : own.isEmpty() ? LabelSet.unnamed(classes) : own);
    }
}
