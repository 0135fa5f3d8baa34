package io.longspan.training.example;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.head.ClassLabels;
import io.longspan.model.head.ClassSets;
import io.longspan.model.head.Labels;
import io.longspan.model.head.NumberLabels;
import io.longspan.model.head.ProblemType;
import io.longspan.training.config.FineTuning;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * What the labels of a run mean.
 *
 * @param problem what a label is
 * @param names of the classes in order; one name for a number
 */
public record LabelSet(ProblemType problem, List<String> names) {
    private static final int MOST_CLASSES = 1 << 16;
    private static final int SHOWN = 20;

    public LabelSet {
        names = List.copyOf(names);
    }

    /** The names that Hugging Face gives to classes without names. */
    public static List<String> unnamed(int classes) {
        return IntStream.range(0, classes).mapToObj(i -> "LABEL_" + i).toList();
    }

    /** What the first label looks like: a list, a broken number, or else a class. */
    public static ProblemType guess(Example first) {
        JsonNode label = first.label();
        return label.isArray()
                ? ProblemType.MULTI_LABEL
                : label.isNumber() && !label.isIntegralNumber()
                        ? ProblemType.REGRESSION
                        : ProblemType.SINGLE_LABEL;
    }

    /**
     * The labels of a file whose classes nobody named: the names in it in alphabetical order, or as
     * many classes as its indices ask for.
     *
     * @throws ModelInputException when a label is of another kind, or there are fewer than two
     */
    public static LabelSet found(ProblemType problem, List<Example> examples) {
        if (problem == ProblemType.REGRESSION) {
            return new LabelSet(problem, unnamed(1));
        }
        TreeSet<String> names = new TreeSet<>();
        int most = -1;
        for (Example example : examples) {
            for (JsonNode label : parts(problem, example)) {
                if (label.isString()) {
                    names.add(label.asString());
                } else {
                    most = Math.max(most, index(example, label, MOST_CLASSES));
                }
            }
        }
        if (!names.isEmpty() && most >= names.size()) {
            throw new ModelInputException(
                    "'"
                            + examples.getFirst().file()
                            + "' names "
                            + names.size()
                            + " classes and also counts up to class "
                            + most
                            + "; use names or indices, or set 'labels'");
        }
        List<String> all = names.isEmpty() ? unnamed(most + 1) : List.copyOf(names);
        if (all.size() < 2) {
            throw new ModelInputException(
                    "'"
                            + examples.getFirst().file()
                            + "' holds examples of "
                            + all.size()
                            + " class; give two or more, or set 'labels', or problem: regression for numbers");
        }
        return new LabelSet(problem, all);
    }

    /**
     * The truth of an example.
     *
     * @return the class; or [K] of 0 and 1; or the number
     * @throws ModelInputException naming the line when its label is none of the allowed
     */
    public float[] truth(Example example) {
        return switch (problem) {
            case SINGLE_LABEL -> new float[] {classOf(example, example.label())};
            case MULTI_LABEL -> {
                float[] set = new float[names.size()]; // [K]
                parts(problem, example).forEach(label -> set[classOf(example, label)] = 1);
                yield set;
            }
            case REGRESSION -> {
                JsonNode label = example.label();
                float number = label.isNumber() ? label.floatValue() : Float.NaN;
                if (!Float.isFinite(number)) {
                    throw example.refusal(
                            "has the label "
                                    + Quoted.plain(label.toString())
                                    + "; it must be a finite number");
                }
                yield new float[] {number};
            }
        };
    }

    /** The labels of a batch, given the truths of its sequences. */
    public Labels labels(List<float[]> truths) {
        float[] all = new float[truths.stream().mapToInt(truth -> truth.length).sum()];
        int at = 0;
        for (float[] truth : truths) {
            System.arraycopy(truth, 0, all, at, truth.length);
            at += truth.length;
        }
        return switch (problem) {
            case SINGLE_LABEL ->
                    new ClassLabels(
                            IntStream.range(0, all.length).mapToLong(i -> (long) all[i]).toArray());
            case MULTI_LABEL -> new ClassSets(all);
            case REGRESSION -> new NumberLabels(all);
        };
    }

    private static List<JsonNode> parts(ProblemType problem, Example example) {
        JsonNode label = example.label();
        boolean several = problem == ProblemType.MULTI_LABEL;
        if (label.isArray() != several) {
            throw example.refusal(
                    "has the label "
                            + Quoted.of(label.toString())
                            + "; it must be "
                            + (several ? "a list of classes" : "one class")
                            + ", for problem is "
                            + FineTuning.key(problem));
        }
        List<JsonNode> parts =
                several
                        ? StreamSupport.stream(label.spliterator(), false).toList()
                        : List.of(label);
        parts.stream()
                .filter(part -> !part.isString() && !part.isIntegralNumber())
                .findFirst()
                .ifPresent(part -> {
                    throw example.refusal(
                            "has the label "
                                    + Quoted.of(part.toString())
                                    + "; it must be the name or the index of a class");
                });
        return parts;
    }

    private int classOf(Example example, JsonNode label) {
        parts(problem, example);
        if (!label.isString()) {
            return index(example, label, names.size());
        }
        int found = names.indexOf(label.asString());
        if (found < 0) {
            String shown =
                    Stream.concat(
                                    names.stream().limit(SHOWN),
                                    Stream.of("...").limit(names.size() > SHOWN ? 1 : 0))
                            .reduce((a, b) -> a + ", " + b)
                            .orElse("");
            throw example.refusal(
                    "has the label "
                            + Quoted.of(label.asString())
                            + "; known are "
                            + Quoted.plain(shown));
        }
        return found;
    }

    private static int index(Example example, JsonNode label, int classes) {
        if (!label.canConvertToInt() || label.intValue() < 0 || label.intValue() >= classes) {
            throw example.refusal(
                    "has the label "
                            + label
                            + "; indices of classes go from 0 to "
                            + (classes - 1));
        }
        return label.intValue();
    }
}
