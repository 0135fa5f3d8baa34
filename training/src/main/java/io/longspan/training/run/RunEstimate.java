package io.longspan.training.run;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.encoder.Activations;
import io.longspan.model.gradient.Parameter;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.infer.MemoryEstimate;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.objective.Feed;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run will take, told before its first step: memory by {@link MemoryEstimate}, and time by
 * one forward pass of the first batch, of which a step costs three for each batch, four where
 * layers are computed again. A cold start makes small models look slower than they are.
 *
 * @param bytes of weights, gradients, moments and the tensors of one batch
 * @param time of the steps that are left, without looks at held-out data
 */
record RunEstimate(long bytes, Duration time) {
    private static final Logger LOG = LoggerFactory.getLogger(RunEstimate.class);
    private static final double MEBI = 1 << 20;

    /**
     * Estimates.
     *
     * @param first of the steps that are left
     * @param left how many
     */
    static RunEstimate of(
            TrainingConfig config,
            TrainableModel model,
            Feed.Step first,
            AttentionBackend backend,
            long left) {
        long parameters = model.parameters().stream().mapToLong(Parameter::elements).sum();
        List<Feed.Sample> batches = first.batches();
        long most = 0;
        for (Feed.Sample sample : batches) {
            most = Math.max(most, sample.batch().tokens().layout().tokens());
        }
        MemoryEstimate memory = MemoryEstimate.of(model.config(), parameters, most);
        boolean again = config.activations() == Activations.RECOMPUTED;
        long nanos = 0;
        if (!batches.isEmpty()) {
            long before = System.nanoTime();
            model.loss(batches.getFirst().batch(), backend);
            double perToken =
                    (double) (System.nanoTime() - before)
                            / batches.getFirst().batch().tokens().layout().tokens();
            nanos = (long) (perToken * first.read().tokens() * left * (again ? 4 : 3));
        }
        return new RunEstimate(
                again ? memory.toTrainRecomputed() : memory.toTrainKept(), Duration.ofNanos(nanos));
    }

    void log() {
        LOG.info(
                "this run needs about {} MiB beside the JVM, and about {} for its steps",
                String.format(Locale.ROOT, "%,.0f", bytes / MEBI),
                Duration.ofSeconds(time.toSeconds()));
    }
}
