package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Which of several choices is the right one; each choice is a sequence, those of one question stand
 * together. Mean cross-entropy over the questions that have an answer.
 */
public final class ChoiceLabels implements Labels {
    private final int choices;
    private final long[] labels;

    /**
     * Copies the array.
     *
     * @param choices C, sequences of each question
     * @param labels the right choice of each question, or {@link Labels#NONE}
     */
    public ChoiceLabels(int choices, long... labels) {
        this.choices = choices;
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
        LabelChecks.task(setup.task() == Task.MULTIPLE_CHOICE, this, setup);
        if (choices < 1 || layout.sequences() % choices != 0) {
            throw new ModelInputException(
                    "each question has "
                            + choices
                            + " choices and the batch has "
                            + layout.sequences()
                            + " sequences; give every question as many sequences as it has choices");
        }
        LabelChecks.count("questions", labels.length, layout.sequences() / choices);
        for (int q = 0; q < labels.length; q++) {
            LabelChecks.range("row " + q, labels[q], choices);
        }
    }

    @Override
    public double loss(float[] scores, SequenceLayout layout, float @Nullable [] gradient) {
        double sum = 0;
        for (int q = 0; q < labels.length; q++) {
            int from = q * choices;
            if (labels[q] != NONE) {
                sum +=
                        CrossEntropy.of(
                                scores, i -> from + i, choices, (int) labels[q], 1, gradient);
            }
        }
        return sum;
    }
}
