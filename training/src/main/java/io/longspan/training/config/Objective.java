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
    /** To give texts their classes or a number, from examples in JSON lines. */
    CLASSIFICATION("classification", Task.SEQUENCE_CLASSIFICATION);

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
