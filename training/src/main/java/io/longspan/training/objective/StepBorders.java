package io.longspan.training.objective;

import io.longspan.training.config.Packing;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Sequences;
import java.util.Arrays;

/**
 * Which sequences of a run a step reads. Of single documents a step takes as many as fit into its
 * tokens, so the borders are found by going through the steps before; they are kept. Thread-safe.
 */
final class StepBorders {
    private final TrainingConfig config;
    private final Sequences sequences;
    private long[] firsts = new long[64];
    private int known = 1;

    StepBorders(TrainingConfig config, Sequences sequences) {
        this.config = config;
        this.sequences = sequences;
    }

    /** The first sequence of a step, counted from the begin of the run; it ends before the next. */
    long first(long step) {
        return config.data().packing() == Packing.CONCATENATED
                ? step * config.sequencesPerStep()
                : walked(Math.toIntExact(step));
    }

    private synchronized long walked(int step) {
        while (known <= step) {
            if (known == firsts.length) {
                firsts = Arrays.copyOf(firsts, 2 * known);
            }
            firsts[known] = next(firsts[known - 1]);
            known++;
        }
        return firsts[step];
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
