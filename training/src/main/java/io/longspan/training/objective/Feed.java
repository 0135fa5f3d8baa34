package io.longspan.training.objective;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.metric.Evaluation;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
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

    /** The batches of a step, counted from 0. */
    List<Sample> batches(long step);

    /** Tokens that a step reads. */
    long tokens(long step);

    /** The same by data set, where there are several; else empty. */
    default NavigableMap<String, Long> tokensBySource(long step) {
        return Collections.emptyNavigableMap();
    }

    /** Where the sequences of a sample stand in the data, for people. */
    String origin(Sample sample);

    /** What to do when a step has nothing to learn from. */
    String emptyStepAdvice();

    /** Measures a model on held-out data; null when there are none. */
    @Nullable Evaluation evaluate(TrainableModel model, AttentionBackend attention);
}
