package io.longspan.bench;

import io.longspan.model.linear.LinearPrecision;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to measure: one sequence through an encoder, its first token global.
 *
 * @param model checkpoint folder
 * @param tokens of the sequence
 * @param threads that each contender may use
 * @param runs timed runs, after those that warm up
 * @param precision of packed linear layers, or null for the engine's linear
 * @param python interpreter of the peers, or null for none
 * @param peers of {@link EncoderPeers#NAMES}
 */
public record EncoderBenchRequest(
        Path model,
        int tokens,
        int threads,
        int runs,
        @Nullable LinearPrecision precision,
        @Nullable Path python,
        List<String> peers) {
    /** Checks the ranges. */
    public EncoderBenchRequest {
        require("tokens", tokens);
        require("threads", threads);
        require("runs", runs);
        peers = List.copyOf(peers);
        for (String peer : peers) {
            if (!EncoderPeers.NAMES.contains(peer)) {
                throw new IllegalArgumentException(
                        "peer '"
                                + peer
                                + "' is not known; known are "
                                + String.join(", ", EncoderPeers.NAMES));
            }
        }
    }

    private static void require(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be at least 1");
        }
    }
}
