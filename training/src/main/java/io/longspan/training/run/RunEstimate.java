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
 * forward passes of the first batch, of which a step costs three for each batch, four where the
 * engine computes layers again.
 *
 * @param bytes of weights, gradients, moments and the tensors of one batch
 * @param time of the steps that are left, without looks at held-out data
 */
record RunEstimate(long bytes, Duration time) {
    private static final Logger LOG = LoggerFactory.getLogger(RunEstimate.class);
    private static final double MEBI = 1 << 20;
    private static final int MOST_PASSES = 5;
    private static final long ENOUGH = 1_000_000_000L;

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
        boolean again = config.computing().activations() == Activations.RECOMPUTED;
        boolean written = model.engineOnly(backend).isEmpty();
        long nanos = 0;
        if (!batches.isEmpty()) {
            double perToken =
                    (double) forward(model, batches.getFirst(), backend)
                            / batches.getFirst().batch().tokens().layout().tokens();
            nanos = (long) (perToken * first.read().tokens() * left * (again && !written ? 4 : 3));
        }
        return new RunEstimate(
                written
                        ? memory.toTrainWritten(
                                again
                                        ? config.computing().keptBytes(memory.weights())
                                        : Long.MAX_VALUE)
                        : again ? memory.toTrainRecomputed() : memory.toTrainKept(),
                Duration.ofNanos(nanos));
    }

    /** Nanoseconds of the last of some passes: the first ones of a process are slower. */
    private static long forward(
            TrainableModel model, Feed.Sample sample, AttentionBackend backend) {
        long begin = System.nanoTime();
        long last = Long.MAX_VALUE;
        for (int pass = 0; pass < MOST_PASSES && System.nanoTime() - begin < ENOUGH; pass++) {
            long before = System.nanoTime();
            model.loss(sample.batch(), backend);
            last = System.nanoTime() - before;
        }
        return last;
    }

    private static String people(Duration time) {
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d h %d min", time.toHours(), time.toMinutesPart())
                : time.toMinutes() > 0
                        ? time.toMinutes() + " min"
                        : Math.max(1, time.toSeconds()) + " s";
    }

    void log() {
        LOG.info(
                "this run needs about {} MiB beside the JVM, and about {} for its steps",
                String.format(Locale.ROOT, "%,.0f", bytes / MEBI),
                people(time));
    }
}
