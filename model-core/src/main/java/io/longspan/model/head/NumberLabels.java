package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import org.jspecify.annotations.Nullable;

/** One number per sequence, or several. Mean squared error over all of them. */
public final class NumberLabels implements Labels {
    private final float[] labels;

    /**
     * Copies the array.
     *
     * @param labels [B, K], the numbers that the scores are to be
     */
    public NumberLabels(float... labels) {
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
                "sequences of " + setup.classes() + " numbers",
                labels.length,
                (long) setup.classes() * layout.sequences());
        for (int i = 0; i < labels.length; i++) {
            if (!Float.isFinite(labels[i])) {
                throw new ModelInputException(
                        "the label of row "
                                + i / setup.classes()
                                + " is "
                                + labels[i]
                                + "; allowed is any finite number");
            }
        }
    }

    @Override
    public double loss(float[] scores, SequenceLayout layout, float @Nullable [] gradient) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double difference = (double) scores[i] - labels[i];
            sum += difference * difference;
            if (gradient != null) {
                gradient[i] += (float) (2 * difference);
            }
        }
        return sum;
    }
}
