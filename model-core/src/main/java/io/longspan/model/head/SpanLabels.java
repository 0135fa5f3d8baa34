package io.longspan.model.head;

import io.longspan.attention.SequenceLayout;
import io.longspan.attention.TokenRole;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Task;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The first and last token of the answer in each sequence. A place before the sequence counts as
 * its first token, a place after its end as no answer. The loss is the mean of two means of
 * cross-entropies: over the sequences with a first token, and over those with a last one.
 */
public final class SpanLabels implements Labels {
    private final long[] starts;
    private final long[] ends;
    private final SpanReading reading;

    /**
     * Copies the arrays.
     *
     * @param starts index of the answer's first token in its sequence, one per sequence
     * @param ends index of its last token
     */
    public SpanLabels(long[] starts, long[] ends, SpanReading reading) {
        this.starts = starts.clone();
        this.ends = ends.clone();
        this.reading = reading;
    }

    /** The number of sequences: no end depends on another sequence's being there. */
    @Override
    public int terms() {
        return starts.length;
    }

    @Override
    public long[] rows(SequenceLayout layout) {
        return HeadRows.all(layout);
    }

    @Override
    public void check(TaskSetup setup, SequenceLayout layout) {
        LabelChecks.task(setup.task() == Task.QUESTION_ANSWERING, this, setup);
        LabelChecks.count("sequences", starts.length, layout.sequences());
        LabelChecks.count("sequences", ends.length, layout.sequences());
        check("first", starts, layout);
        check("last", ends, layout);
    }

    /** A place inside the text that nobody can see cannot be learned without counting pads. */
    private void check(String which, long[] places, SequenceLayout layout) {
        for (int b = 0; b < places.length && reading == SpanReading.PACKED; b++) {
            int target = target(places[b], layout, b);
            if (target >= 0 && layout.role(layout.start(b) + target) == TokenRole.MASKED) {
                throw new ModelInputException(
                        "the answer's "
                                + which
                                + " token in row "
                                + b
                                + " is "
                                + places[b]
                                + ", which is masked; point at a token that is not, or past the end for no answer");
            }
        }
    }

    @Override
    public double loss(float[] scores, SequenceLayout layout, float @Nullable [] gradient) {
        return column(0, starts, scores, layout, gradient)
                + column(1, ends, scores, layout, gradient);
    }

    private double column(
            int column,
            long[] places,
            float[] scores,
            SequenceLayout layout,
            float @Nullable [] gradient) {
        int[] targets =
                IntStream.range(0, places.length).map(b -> target(places[b], layout, b)).toArray();
        long present = Arrays.stream(targets).filter(target -> target >= 0).count();
        if (present == 0) {
            return absent();
        }
        double factor = 0.5 * terms() / present;
        double sum = 0;
        for (int b = 0; b < targets.length; b++) {
            if (targets[b] >= 0) {
                int wanted = layout.start(b) + targets[b];
                int[] rivals = rivals(layout, b);
                sum +=
                        CrossEntropy.of(
                                scores,
                                i -> 2 * rivals[i] + column,
                                rivals.length,
                                Arrays.binarySearch(rivals, wanted),
                                factor,
                                gradient);
            }
        }
        return sum;
    }

    /** The mean of nothing is no number in Hugging Face's reading. */
    private double absent() {
        return reading == SpanReading.HF ? Double.NaN : 0;
    }

    private int[] rivals(SequenceLayout layout, int b) {
        return IntStream.range(layout.start(b), layout.end(b))
                .filter(t -> reading == SpanReading.HF || layout.role(t) != TokenRole.MASKED)
                .toArray();
    }

    /** The place in the sequence, or -1 for none. */
    private int target(long place, SequenceLayout layout, int b) {
        int end = layout.end(b);
        while (reading == SpanReading.PACKED
                && end > layout.start(b)
                && layout.role(end - 1) == TokenRole.MASKED) {
            end--;
        }
        return place >= end - layout.start(b) ? -1 : (int) Math.max(0, place);
    }
}
