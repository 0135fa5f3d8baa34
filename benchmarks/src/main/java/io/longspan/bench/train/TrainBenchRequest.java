package io.longspan.bench.train;

import io.longspan.model.encoder.Activations;
import io.longspan.model.tensor.MklFullSpeed;
import io.longspan.training.config.Computing;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to measure: steps of training on one sequence without global tokens.
 *
 * @param model checkpoint folder with a head for masked language modelling
 * @param tokens of the sequence
 * @param threads that each contender may use
 * @param runs timed steps, after one that warms up
 * @param activations what our own steps remember of their way forward
 * @param products what computes our own steps
 * @param modes of MKL, a contender of ours for each
 * @param python interpreter of the peers, or null for none
 * @param peers of {@link #PEERS}
 */
public record TrainBenchRequest(
        Path model,
        int tokens,
        int threads,
        int runs,
        Activations activations,
        Computing.Products products,
        List<MklFullSpeed.Mode> modes,
        @Nullable Path python,
        List<String> peers) {
    /** transformers with gradient checkpointing, and as it is. */
    public static final List<String> PEERS = List.of("checkpointing", "plain");

    /** Checks the ranges. */
    public TrainBenchRequest {
        require("tokens", tokens, 8);
        require("threads", threads, 1);
        require("runs", runs, 1);
        modes = List.copyOf(modes);
        peers = List.copyOf(peers);
        for (String peer : peers) {
            if (!PEERS.contains(peer)) {
                throw new IllegalArgumentException(
                        "peer '" + peer + "' is not known; known are " + String.join(", ", PEERS));
            }
        }
    }

    private static void require(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    what + " is " + value + "; it must be at least " + least);
        }
    }
}
