package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;

/**
 * What a batch needs to know of a model.
 *
 * @param config what the model is
 * @param task what its head does
 * @param classes K, the scores that the head gives a row; 0 without a head
 * @param globals which tokens are global where the caller does not say
 * @param reading of the loss of question answering
 */
public record TaskSetup(
        LongformerConfig config,
        Task task,
        int classes,
        GlobalPolicy globals,
        SpanReading reading) {

    /**
     * Checks that the model can have global tokens, if any are asked for.
     *
     * @throws ModelInputException when it cannot
     */
    public TaskSetup {
        if (globals != GlobalPolicy.Named.NONE && !config.hasGlobalAttention()) {
            throw new ModelInputException(
                    "global tokens are to be "
                            + globals.key()
                            + " and a "
                            + config.modelType().key()
                            + " has no global attention; use none, or convert the checkpoint with longspan convert");
        }
    }

    /**
     * The setup of a checkpoint: global tokens as it stores them, or else as its task has them, and
     * Hugging Face's loss.
     */
    public static TaskSetup of(LongformerConfig config, Task task, int classes) {
        return new TaskSetup(config, task, classes, globals(config, task), SpanReading.HF);
    }

    /** The same with other global tokens. */
    public TaskSetup withGlobals(GlobalPolicy policy) {
        return new TaskSetup(config, task, classes, policy, reading);
    }

    /** The same with another loss of question answering. */
    public TaskSetup withReading(SpanReading other) {
        return new TaskSetup(config, task, classes, globals, other);
    }

    /**
     * Makes tokens global by the setup's rule.
     *
     * @param ids [T]
     * @param layout of the same batch; masked tokens stay masked
     * @throws ModelInputException naming the row that lacks a separator which the rule needs
     */
    public SequenceLayout withGlobals(long[] ids, SequenceLayout layout) {
        return GlobalMarks.of(globals, config, ids, layout);
    }

    /** The global tokens of a checkpoint: those it stores, or else its task's. */
    public static GlobalPolicy globals(LongformerConfig config, Task task) {
        GlobalPolicy stored = config.inputFormat().globalTokens();
        return stored == null ? usual(config, task) : stored;
    }

    /** The global tokens of a task, as Hugging Face's models choose them when nobody says. */
    private static GlobalPolicy usual(LongformerConfig config, Task task) {
        if (!config.hasGlobalAttention()) {
            return GlobalPolicy.Named.NONE;
        }
        return switch (task) {
            case ENCODER, MASKED_LM, TOKEN_CLASSIFICATION -> GlobalPolicy.Named.NONE;
            case SEQUENCE_CLASSIFICATION -> GlobalPolicy.Named.FIRST_TOKEN;
            case QUESTION_ANSWERING -> GlobalPolicy.Named.BEFORE_FIRST_SEPARATOR;
            case MULTIPLE_CHOICE -> GlobalPolicy.Named.SECOND_SEGMENT;
        };
    }
}
