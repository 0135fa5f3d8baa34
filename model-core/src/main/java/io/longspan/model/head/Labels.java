package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import org.jspecify.annotations.Nullable;

/**
 * The truth of one batch and the loss that measures scores against it, as Hugging Face computes it.
 * Immutable.
 */
public sealed interface Labels
        permits TokenLabels, ClassLabels, ClassSets, NumberLabels, SpanLabels, ChoiceLabels {
    /** What a label is where there is none. */
    long NONE = -100;

    /** How many terms the loss is the mean of: its sum is divided by this. May be 0. */
    int terms();

    /**
     * The rows of the hidden states whose scores {@link #loss} reads.
     *
     * @return packed indices, ascending
     */
    long[] rows(SequenceLayout layout);

    /**
     * Holds the labels against a model and a batch.
     *
     * @throws ModelInputException naming the row, its label and what is allowed
     */
    void check(TaskSetup setup, SequenceLayout layout);

    /**
     * The loss: the mean over all terms, times {@link #terms()}. Checked labels only.
     *
     * @param scores [R, K], of the rows of {@link #rows}
     * @param gradient [R, K], receives the gradient of the result; null when it is not wanted
     */
    double loss(float[] scores, SequenceLayout layout, float @Nullable [] gradient);
}
