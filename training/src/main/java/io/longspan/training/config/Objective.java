package io.longspan.training.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.checkpoint.Task;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run teaches a model. */
public enum Objective {
    /** To guess hidden tokens of a data set. */
    MASKED_LM("masked-lm", Task.MASKED_LM),
    /** To guess the next token of a data set, by a model that sees only what came before. */
    CAUSAL_LM("causal-lm", Task.MASKED_LM),
    /** To give texts their classes or a number, from examples in JSON lines. */
    CLASSIFICATION("classification", Task.SEQUENCE_CLASSIFICATION),
    /** To find answers in documents, from files in the format of SQuAD. */
    QUESTION_ANSWERING("question-answering", Task.QUESTION_ANSWERING),
    /** To give tokens their tags, from examples in JSON lines. */
    TOKEN_CLASSIFICATION("token-classification", Task.TOKEN_CLASSIFICATION),
    /** To pick the right one of several answers, from examples in JSON lines. */
    MULTIPLE_CHOICE("multiple-choice", Task.MULTIPLE_CHOICE);

    private final String key;
    private final Task task;

    Objective(String key, Task task) {
        this.key = key;
        this.task = task;
    }

    /** The word of the setting {@code objective}. */
    public String key() {
        return key;
    }

    /** Whether it learns from examples with answers; the others read the tokens of a data set. */
    public boolean readsExamples() {
        return task != Task.MASKED_LM;
    }

    /** The head that is trained. */
    public Task task() {
        return task;
    }

    /**
     * The objective that trains a head.
     *
     * @throws ModelInputException when examples cannot train it
     */
    public static Objective ofExamples(Task task) {
        return Arrays.stream(values())
                .filter(objective -> objective.readsExamples() && objective.task == task)
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                "a "
                                        + task.key()
                                        + " checkpoint has no head that examples measure; name one that was fine-tuned"));
    }

    /** Reads the setting; masked language modelling when it is absent. */
    static Objective of(@Nullable String wanted) {
        if (wanted == null) {
            return MASKED_LM;
        }
        return Arrays.stream(values())
                .filter(objective -> objective.key.equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new ModelInputException(
                                "training setting 'objective' is "
                                        + Quoted.of(wanted)
                                        + "; it must be one of "
                                        + Arrays.stream(values())
                                                .map(Objective::key)
                                                .collect(Collectors.joining(", "))));
    }
}
