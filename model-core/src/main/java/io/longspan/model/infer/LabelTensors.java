package io.longspan.model.infer;

import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.StoredTensor;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorSource;
import io.longspan.model.head.ChoiceLabels;
import io.longspan.model.head.ClassLabels;
import io.longspan.model.head.ClassSets;
import io.longspan.model.head.Labels;
import io.longspan.model.head.NumberLabels;
import io.longspan.model.head.ProblemType;
import io.longspan.model.head.SpanLabels;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.head.TokenLabels;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The truth of a batch in Hugging Face's tensors. {@code labels} is [batch, length] for a masked
 * language model and token classification, -100 for no label; [batch] for multiple choice and for
 * classes of whole texts; [batch, labels] for sets of classes and for several numbers, [batch] or
 * [batch, 1] for one. Question answering has {@code start_positions} and {@code end_positions},
 * [batch].
 */
final class LabelTensors {
    private static final String LABELS = "labels";
    private static final String STARTS = "start_positions";
    private static final String ENDS = "end_positions";

    private LabelTensors() {}

    /** Names of label tensors that a task reads; an encoder reads none and minds none. */
    static Set<String> names(Task task) {
        return switch (task) {
            case ENCODER -> Set.of(LABELS, STARTS, ENDS);
            case QUESTION_ANSWERING -> Set.of(STARTS, ENDS);
            case MASKED_LM, SEQUENCE_CLASSIFICATION, TOKEN_CLASSIFICATION, MULTIPLE_CHOICE ->
                    Set.of(LABELS);
        };
    }

    /**
     * Reads the labels of a batch, if it has any.
     *
     * @param shape of the ids
     * @throws ModelInputException when a tensor has another shape or type than its task needs
     */
    static Optional<Labels> read(TensorSource source, List<Long> shape, TaskSetup setup) {
        Set<String> there = source.names();
        long rows = shape.getFirst();
        return switch (setup.task()) {
            case ENCODER -> Optional.empty();
            case QUESTION_ANSWERING -> spans(source, rows, setup);
            case MASKED_LM, TOKEN_CLASSIFICATION ->
                    there.contains(LABELS) ? Optional.of(tokens(source, shape)) : Optional.empty();
            case MULTIPLE_CHOICE ->
                    there.contains(LABELS)
                            ? Optional.of(
                                    new ChoiceLabels(
                                            shape.get(1).intValue(), perRow(source, LABELS, rows)))
                            : Optional.empty();
            case SEQUENCE_CLASSIFICATION ->
                    there.contains(LABELS)
                            ? Optional.of(classes(source, rows, setup))
                            : Optional.empty();
        };
    }

    private static Labels tokens(TensorSource source, List<Long> shape) {
        StoredTensor tensor = source.get(LABELS);
        require(tensor, tensor.info().shape().equals(shape), "the shape of input_ids, " + shape);
        long[] given = tensor.toLongs();
        long[] rows =
                IntStream.range(0, given.length)
                        .filter(t -> given[t] != Labels.NONE)
                        .asLongStream()
                        .toArray();
        long[] labels = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            labels[i] = given[(int) rows[i]];
        }
        return new TokenLabels(rows, labels);
    }

    private static Optional<Labels> spans(TensorSource source, long rows, TaskSetup setup) {
        boolean starts = source.names().contains(STARTS);
        boolean ends = source.names().contains(ENDS);
        if (starts != ends) {
            throw new ModelInputException(
                    "the batch has tensor '"
                            + (starts ? STARTS : ENDS)
                            + "' and no '"
                            + (starts ? ENDS : STARTS)
                            + "'; give both or neither");
        }
        return starts
                ? Optional.of(
                        new SpanLabels(
                                perRow(source, STARTS, rows),
                                perRow(source, ENDS, rows),
                                setup.reading()))
                : Optional.empty();
    }

    private static Labels classes(TensorSource source, long rows, TaskSetup setup) {
        StoredTensor tensor = source.get(LABELS);
        boolean whole = !tensor.info().dtype().isReal();
        return switch (ProblemType.of(setup.config(), setup.classes(), whole)) {
            case SINGLE_LABEL -> new ClassLabels(perRow(source, LABELS, rows));
            case MULTI_LABEL -> new ClassSets(numbers(tensor, rows, setup.classes()));
            case REGRESSION -> new NumberLabels(numbers(tensor, rows, setup.classes()));
        };
    }

    private static long[] perRow(TensorSource source, String name, long rows) {
        StoredTensor tensor = source.get(name);
        List<Long> shape = tensor.info().shape();
        require(
                tensor,
                shape.equals(List.of(rows)) || shape.equals(List.of(rows, 1L)),
                "[batch], " + List.of(rows));
        return tensor.toLongs();
    }

    private static float[] numbers(StoredTensor tensor, long rows, long classes) {
        List<Long> shape = tensor.info().shape();
        require(
                tensor,
                shape.equals(List.of(rows, classes))
                        || (classes == 1 && shape.equals(List.of(rows))),
                "[batch, labels], " + List.of(rows, classes));
        if (tensor.info().dtype().isReal()) {
            return tensor.toFloats();
        }
        long[] whole = tensor.toLongs();
        float[] numbers = new float[whole.length];
        for (int i = 0; i < whole.length; i++) {
            numbers[i] = whole[i];
        }
        return numbers;
    }

    private static void require(StoredTensor tensor, boolean fits, String shape) {
        if (!fits) {
            throw new ModelInputException(
                    "tensor '"
                            + tensor.info().name()
                            + "' has shape "
                            + tensor.info().shape()
                            + "; it must be "
                            + shape);
        }
    }
}
