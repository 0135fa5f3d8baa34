package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.checkpoint.Task;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** One class per sequence. Mean cross-entropy over the sequences that have one. */
public final class ClassLabels implements Labels {
    private final long[] labels;

    /**
     * Copies the array.
     *
     * @param labels a class for each sequence, or {@link Labels#NONE}
     */
    public ClassLabels(long... labels) {
        this.labels = labels.clone();
    }

    @Override
    public int terms() {
        return (int) LongStream.of(labels).filter(label -> label != NONE).count();
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.first(layout);
    }

    @Override
    public void check(TaskSetup setup, SequenceLayout layout) {
        LabelChecks.task(setup.task() == Task.SEQUENCE_CLASSIFICATION, this, setup);
        LabelChecks.count("sequences", labels.length, layout.sequences());
        for (int b = 0; b < labels.length; b++) {
            LabelChecks.range("row " + b, labels[b], setup.classes());
        }
    }

    @Override
    public double loss(float[] scores, SequenceLayout layout, float @Nullable [] gradient) {
        double sum = 0;
        int classes = scores.length / labels.length;
        for (int b = 0; b < labels.length; b++) {
            int from = b * classes;
            if (labels[b] != NONE) {
                sum +=
                        CrossEntropy.of(
                                scores, i -> from + i, classes, (int) labels[b], 1, gradient);
            }
        }
        return sum;
    }
}
