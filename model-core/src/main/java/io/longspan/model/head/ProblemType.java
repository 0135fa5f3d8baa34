package io.longspan.model.head;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.config.LongformerConfig;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the scores of a sequence classifier mean. */
public enum ProblemType {
    /** One of the classes: softmax, cross-entropy. */
    SINGLE_LABEL("single_label_classification"),
    /** Any of the classes: sigmoids, binary cross-entropy. */
    MULTI_LABEL("multi_label_classification"),
    /** Numbers as they are: squared error. */
    REGRESSION("regression");

    private final String key;

    ProblemType(String key) {
        this.key = key;
    }

    /** Hugging Face's word. */
    public String key() {
        return key;
    }

    /**
     * What a configuration's {@code problem_type} says.
     *
     * @throws ModelInputException when it says something unknown
     */
    public static Optional<ProblemType> stored(LongformerConfig config) {
        String said = config.problemType();
        if (said == null) {
            return Optional.empty();
        }
        return Optional.of(
                Arrays.stream(values())
                        .filter(type -> type.key.equals(said))
                        .findFirst()
                        .orElseThrow(() ->
                                new ModelInputException(
                                        "problem_type is "
                                                + Quoted.of(said)
                                                + "; it must be one of "
                                                + Arrays.stream(values())
                                                        .map(ProblemType::key)
                                                        .collect(Collectors.joining(", ")))));
    }

    /**
     * The kind of problem, inferred as Hugging Face does when the configuration is silent: one
     * score is a number, whole numbers are classes, and real ones are sets of classes.
     *
     * @param classes K, the scores of a sequence
     * @param whole whether labels are whole numbers
     */
    public static ProblemType of(LongformerConfig config, int classes, boolean whole) {
        return stored(config)
                .orElse(classes == 1 ? REGRESSION : whole ? SINGLE_LABEL : MULTI_LABEL);
    }
}
