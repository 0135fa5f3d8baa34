package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.config.ModelType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a checkpoint's head does. */
public enum Task {
    /** No head: a state per token, perhaps a pooler. */
    ENCODER("encoder", "Model"),
    /** A distribution over the vocabulary per token. */
    MASKED_LM("masked-lm", "ForMaskedLM"),
    /** Classes or a number for the whole text. */
    SEQUENCE_CLASSIFICATION("sequence-classification", "ForSequenceClassification"),
    /** Begin and end of an answer in the text. */
    QUESTION_ANSWERING("question-answering", "ForQuestionAnswering"),
    /** Classes per token. */
    TOKEN_CLASSIFICATION("token-classification", "ForTokenClassification"),
    /** A score per choice. */
    MULTIPLE_CHOICE("multiple-choice", "ForMultipleChoice");

    private final String key;
    private final String suffix;

    Task(String key, String suffix) {
        this.key = key;
        this.suffix = suffix;
    }

    /** The name in options and reports. */
    public String key() {
        return key;
    }

    /**
     * The task of a name in an option.
     *
     * @throws ModelInputException when the name is unknown; the message lists the known ones
     */
    public static Task of(String key) {
        return Arrays.stream(values())
                .filter(task -> task.key.equals(key))
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                "task " + Quoted.of(key) + " is not known; known are " + keys()));
    }

    /** Hugging Face's class name, such as {@code LongformerForMaskedLM}. */
    public String architecture(ModelType type) {
        return switch (type) {
            case LONGFORMER -> "Longformer" + suffix;
            case ROBERTA -> "Roberta" + suffix;
            case XLM_ROBERTA -> "XLMRoberta" + suffix;
            case BERT -> "Bert" + suffix;
            case LONGSPAN -> "Longspan" + suffix;
        };
    }

    /** The task that a configuration's class names stand for, if they are known. */
    static Optional<Task> ofArchitectures(List<String> names) {
        return Arrays.stream(values())
                .filter(task -> names.stream().anyMatch(name -> name.endsWith(task.suffix)))
                .findFirst();
    }

    static String keys() {
        return Arrays.stream(values()).map(Task::key).collect(Collectors.joining(", "));
    }
}
