package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.head.ProblemType;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.training.config.FineTuning;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads texts with classes or numbers.
 *
 * @param tuning its settings
 */
record ClassReader(FineTuning tuning) implements ExampleReader<Example> {
    @Override
    public List<Example> read(Path file) {
        return ExampleFile.read(file);
    }

    @Override
    public String key(Example example) {
        String pair = example.pair();
        return pair == null ? example.text() : example.text() + "\n" + pair;
    }

    @Override
    public ExampleTask task(Checkpoint checkpoint, boolean keepsHead, List<Example> examples) {
        return new ClassTask(labels(checkpoint, keepsHead, examples));
    }

    @Override
    public List<EncodedExample> encode(
            Example example, ExampleTask task, RobertaTokenizer tokenizer, TokenLimit limit) {
        float[] truth = ((ClassTask) task).labels().truth(example);
        String pair = example.pair();
        Encoding encoding =
                pair == null
                        ? tokenizer.encode(example.text())
                        : tokenizer.encodePair(
                                example.text(), pair, limit.model().inputFormat().pairSeparators());
        return List.of(
                new EncodedExample(
                        "line " + example.line(), limit.ids(encoding, example::refusal), truth));
    }

    private LabelSet labels(Checkpoint checkpoint, boolean keepsHead, List<Example> examples) {
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
