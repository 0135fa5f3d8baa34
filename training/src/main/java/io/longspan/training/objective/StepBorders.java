package io.longspan.training.objective;

import io.longspan.training.config.Packing;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Sequences;

/**
 * Which sequences of a run a step reads. Of single documents a step takes as many as fit into its
 * tokens, so a border is found from the one before; the last one is kept. Thread-safe.
 */
final class StepBorders {
    private final TrainingConfig config;
    private final Sequences sequences;
    private long known;
    private long firstOfKnown;

    StepBorders(TrainingConfig config, Sequences sequences) {
        this.config = config;
        this.sequences = sequences;
    }

    /** Where a step begins, so that the steps before need not be gone through. */
    synchronized void know(long step, long first) {
        known = step;
        firstOfKnown = first;
    }

    /** The first sequence of a step, counted from the begin of the run; it ends before the next. */
    long first(long step) {
        return config.data().packing() == Packing.CONCATENATED
                ? step * config.sequencesPerStep()
                : walked(step);
    }

    private synchronized long walked(long step) {
        if (step < known) {
            known = 0;
            firstOfKnown = 0;
        }
        for (; known < step; known++) {
            firstOfKnown = next(firstOfKnown);
        }
        return firstOfKnown;
    }

    /** A sequence is at most as long as a step, so one always fits. */
    private long next(long first) {
        long room = config.tokensPerStep();
        long n = first;
        for (int length = length(n); length <= room; length = length(n)) {
            room -= length;
            n++;
        }
        return n;
    }

    private int length(long n) {
        return sequences.length(sequences.sample(n));
    }
}
