package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import org.jspecify.annotations.Nullable;

/**
 * Any number of classes per sequence. Mean binary cross-entropy over all sequences and classes, on
 * scores that a sigmoid turns into probabilities.
 */
public final class ClassSets implements Labels {
    private final float[] labels;

    /**
     * Copies the array.
     *
     * @param labels [B, K], 1 where the sequence has the class and 0 where not; between them for a
     *     soft label
     */
    public ClassSets(float... labels) {
        this.labels = labels.clone();
    }

    @Override
    public int terms() {
        return labels.length;
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.first(layout);
    }

    @Override
    public void check(TaskSetup setup, SequenceLayout layout) {
        LabelChecks.task(setup.task() == Task.SEQUENCE_CLASSIFICATION, this, setup);
        LabelChecks.count(
                "sequences of " + setup.classes() + " classes",
                labels.length,
                (long) setup.classes() * layout.sequences());
        for (int i = 0; i < labels.length; i++) {
            if (!(labels[i] >= 0 && labels[i] <= 1)) {
                throw new ModelInputException(
                        "the label of row "
                                + i / setup.classes()
                                + " for class "
                                + i % setup.classes()
                                + " is "
                                + labels[i]
                                + "; allowed are 0 to 1");
            }
        }
    }

    @Override
    public double loss(float[] scores, SequenceLayout layout, float @Nullable [] gradient) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double score = scores[i];
            // log(1 + e^x) - y x, without an exponential that overflows.
            sum += Math.max(score, 0) + Math.log1p(Math.exp(-Math.abs(score))) - labels[i] * score;
            if (gradient != null) {
                gradient[i] += (float) (1 / (1 + Math.exp(-score)) - labels[i]);
            }
        }
        return sum;
    }
}
