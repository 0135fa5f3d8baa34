package io.longspan.training.objective;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.metric.Evaluation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The batches of a run: those of a step are a function of the step alone. */
public sealed interface Feed permits StreamFeed, ExampleFeed {
    /**
     * A batch and where it is from.
     *
     * @param samples numbers of its sequences in the training data, in order
     * @param several sequences of each example
     */
    record Sample(LabelledBatch batch, List<Long> samples, int several) {
        /** Sequences that each stand for themselves. */
        Sample(LabelledBatch batch, List<Long> samples) {
            this(batch, samples, 1);
        }

        /** Copies the list. */
        public Sample {
            samples = List.copyOf(samples);
        }
    }

    /**
     * What a step computes.
     *
     * @param batches in order
     * @param read for them
     */
    record Step(List<Sample> batches, ReadSoFar read) {
        /** Copies the list. */
        public Step {
            batches = List.copyOf(batches);
        }
    }

    /** A step, counted from 0. */
    Step step(long number);

    /** What a step reads, without reading it. */
    ReadSoFar read(long number);

    /** Tells what the steps before one have read, so that they need not be gone through. */
    default void goOn(long number, ReadSoFar before) {}

    /** Where the sequences of a sample stand in the data, for people. */
    String origin(Sample sample);

    /** What to do when a step has nothing to learn from. */
    String emptyStepAdvice();

    /** Measures a model on held-out data; null when there are none. */
    @Nullable Evaluation evaluate(TrainableModel model, AttentionBackend attention);
}
