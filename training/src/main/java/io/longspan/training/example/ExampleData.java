package io.longspan.training.example;

import io.longspan.model.InputFiles;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Checkpoint;
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
 * @param task what the examples ask
 * @param training examples to learn from, none where a model is only measured
 * @param heldOut examples to measure on, none if none are asked for
 */
public record ExampleData(
        FineTuning tuning,
        ExampleTask task,
        List<EncodedExample> training,
        List<EncodedExample> heldOut) {
    /** Copies the lists. */
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
     * @param keepsHead whether the checkpoint's head, if it is one of the objective, says what
     *     answers mean
     * @throws ModelInputException naming the file, line or setting that cannot be used
     */
    public static ExampleData read(
            TrainingConfig config, FineTuning tuning, Checkpoint checkpoint, boolean keepsHead) {
        return switch (config.objective()) {
            case CLASSIFICATION ->
                    read(config, tuning, checkpoint, keepsHead, new ClassReader(tuning));
            case TOKEN_CLASSIFICATION ->
                    read(config, tuning, checkpoint, keepsHead, new TagReader(tuning.labels()));
            case MULTIPLE_CHOICE -> read(config, tuning, checkpoint, keepsHead, new ChoiceReader());
            case QUESTION_ANSWERING ->
                    read(
                            config,
                            tuning,
                            checkpoint,
                            keepsHead,
                            new AnswerReader(tuning.answering()));
            case MASKED_LM, CAUSAL_LM ->
                    throw new IllegalArgumentException(config.objective() + " has no examples");
        };
    }

    private static <E> ExampleData read(
            TrainingConfig config,
            FineTuning tuning,
            Checkpoint checkpoint,
            boolean keepsHead,
            ExampleReader<E> reader) {
        List<E> all = reader.read(tuning.train());
        Path validation = tuning.validation();
        List<E> training = all;
        List<E> heldOut = List.of();
        double share = config.looks().share();
        if (validation != null) {
            heldOut = reader.read(validation);
        } else if (share > 0) {
            Map<Boolean, List<E>> split = HeldOut.split(all, reader::key, share);
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
                                + share
                                + "; give more, name a validation file, or set evaluation_share: 0");
            }
        }
        ExampleTask task = reader.task(checkpoint, keepsHead, all);
        int longest =
                config.sequenceLength() == 0
                        ? checkpoint.config().usablePositions()
                        : config.sequenceLength();
        TokenLimit limit = new TokenLimit(checkpoint.config(), longest, tuning.truncate());
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(checkpoint.folder())) {
            return new ExampleData(
                    tuning,
                    task,
                    encoded(training, reader, task, tokenizer, limit),
                    encoded(heldOut, reader, task, tokenizer, limit));
        }
    }

    private static <E> List<EncodedExample> encoded(
            List<E> examples,
            ExampleReader<E> reader,
            ExampleTask task,
            RobertaTokenizer tokenizer,
            TokenLimit limit) {
        List<EncodedExample> encoded =
                examples.stream()
                        .flatMap(e -> reader.encode(e, task, tokenizer, limit).stream())
                        .toList();
        limit.report(encoded);
        return encoded;
    }
}
