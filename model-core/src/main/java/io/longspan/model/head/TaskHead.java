package io.longspan.model.head;

import ai.djl.ndarray.NDArray;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.Weights;
import java.util.Optional;

/**
 * What stands on an encoder and turns hidden states into scores. Holds no state between calls and
 * borrows its weights; threads may share it.
 */
public sealed interface TaskHead
        permits MaskedLmHead, ClassifierHead, SpanHead, TokenHead, ChoiceHead {
    /** What the head does. */
    Task task();

    /** K, the scores of a row. */
    int classes();

    /**
     * The rows of the hidden states that all scores of a batch are made of.
     *
     * @return packed indices, ascending
     */
    long[] rows(SequenceLayout layout);

    /**
     * The scores of some rows.
     *
     * @param rows [R, N]; stays the caller's
     * @return [R, K], in the manager of the rows
     */
    default NDArray forward(NDArray rows) {
        return forward(rows, HeadDropout.none());
    }

    /**
     * The same in training, where a head drops a part of what it reads and of what its last product
     * reads; the heads of masked language modelling and question answering drop nothing.
     *
     * @param rows [R, N]; stays the caller's
     * @param dropout of the same rows
     * @return [R, K], in the manager of the rows
     */
    NDArray forward(NDArray rows, HeadDropout dropout);

    /**
     * The head of a checkpoint; none for an encoder.
     *
     * @param weights of the checkpoint; outlive the head
     * @param config its dropout of hidden states is the head's too
     */
    static Optional<TaskHead> of(Weights weights, LongformerConfig config, TensorNames names) {
        return switch (names.task()) {
            case ENCODER -> Optional.empty();
            case MASKED_LM -> Optional.of(new MaskedLmHead(weights, config, names.decoder()));
            case SEQUENCE_CLASSIFICATION -> Optional.of(new ClassifierHead(weights, config));
            case QUESTION_ANSWERING -> Optional.of(new SpanHead(weights));
            case TOKEN_CLASSIFICATION -> Optional.of(new TokenHead(weights, config));
            case MULTIPLE_CHOICE -> Optional.of(new ChoiceHead(weights, config));
        };
    }
}
