package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import org.jspecify.annotations.Nullable;

/**
 * A class for some tokens: the true word of masked language modelling, or token classification.
 * Mean cross-entropy over the tokens that have one.
 */
public final class TokenLabels implements Labels {
    private final long[] rows;
    private final long[] labels;

    /**
     * Copies the arrays.
     *
     * @param rows packed indices of the tokens with a label, ascending
     * @param labels a class for each of them
     * @throws ModelInputException when the numbers differ
     */
    public TokenLabels(long[] rows, long[] labels) {
        this.rows = rows.clone();
        this.labels = labels.clone();
        if (rows.length != labels.length) {
            throw new ModelInputException(
                    "there are "
                            + rows.length
                            + " tokens to label and "
                            + labels.length
                            + " labels; give one label for each");
        }
    }

    @Override
    public int terms() {
        return rows.length;
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return rows.clone();
    }

    /** A class for each of the rows. */
    public long[] labels() {
        return labels.clone();
    }

    @Override
    public void check(TaskSetup setup, SequenceLayout layout) {
        LabelChecks.task(
                setup.task() == Task.MASKED_LM || setup.task() == Task.TOKEN_CLASSIFICATION,
                this,
                setup);
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] < 0 || rows[i] >= layout.tokens()) {
                throw new ModelInputException(
                        "token "
                                + rows[i]
                                + " is to be labelled; the batch has tokens 0 to "
                                + (layout.tokens() - 1));
            }
            int sequence = layout.sequenceOf((int) rows[i]);
            String where = "token " + (rows[i] - layout.start(sequence)) + " of row " + sequence;
            LabelChecks.range(where, labels[i], setup.classes());
        }
    }

    @Override
    public double loss(float[] scores, SequenceLayout layout, float @Nullable [] gradient) {
        double sum = 0;
        int classes = rows.length == 0 ? 0 : scores.length / rows.length;
        for (int r = 0; r < rows.length; r++) {
            int from = r * classes;
            sum += CrossEntropy.of(scores, i -> from + i, classes, (int) labels[r], 1, gradient);
        }
        return sum;
    }
}
