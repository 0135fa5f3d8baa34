package io.longspan.bench;

import io.longspan.model.linear.LinearPrecision;
import java.util.List;

/**
 * What to measure: the linear layers of a model of base size.
 *
 * @param tokens rows of a layer's linears; the vocabulary head gets {@link #HEAD_SHARE} of them
 * @param threads that a contender may use
 * @param runs timed runs of each contender, after those that warm up
 * @param precisions of the packed kernels
 */
public record LinearBenchRequest(
        int tokens, int threads, int runs, List<LinearPrecision> precisions) {
    /** The share of tokens that masked language modelling asks the head for. */
    static final double HEAD_SHARE = 0.15;

    /** Checks the ranges. */
    public LinearBenchRequest {
        require("tokens", tokens);
        require("threads", threads);
        require("runs", runs);
        precisions = List.copyOf(precisions);
    }

    private static void require(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " is " + value + "; it must be at least 1");
        }
    }
}
