package io.longspan.bench;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to measure: one layer's attention of one sequence.
 *
 * @param tokens of the sequence
 * @param window keys that a token sees round itself, both sides together: an even number
 * @param dilation tokens from one key to the next
 * @param globals global tokens, spread evenly
 * @param heads H
 * @param headSize D
 * @param threads that a backend may use
 * @param gradients whether the backward pass is measured too
 * @param runs timed runs of each backend, after those that warm up
 * @param python interpreter with torch and transformers for the peers, or null for none
 */
public record AttentionBenchRequest(
        int tokens,
        int window,
        int dilation,
        int globals,
        int heads,
        int headSize,
        int threads,
        boolean gradients,
        int runs,
        @Nullable Path python) {

    /** Checks the ranges. */
    public AttentionBenchRequest {
        require("tokens", tokens, 1);
        require("window", window, 2);
        require("dilation", dilation, 1);
        require("globals", globals, 0);
        require("heads", heads, 1);
        require("head size", headSize, 1);
        require("threads", threads, 1);
        require("runs", runs, 1);
        if (window % 2 != 0) {
            throw new IllegalArgumentException(
                    "window is " + window + "; it must be even, half on either side");
        }
        if (globals > tokens) {
            throw new IllegalArgumentException(
                    "globals is " + globals + "; it must be at most the " + tokens + " tokens");
        }
    }

    /** The paper's base model on 4,096 tokens, forward and backward, without peers. */
    public static AttentionBenchRequest base(int threads) {
        return new AttentionBenchRequest(4096, 512, 1, 0, 12, 64, threads, true, 7, null);
    }

    /** The same with another length, and no more globals than that. */
    public AttentionBenchRequest withTokens(int count) {
        return new AttentionBenchRequest(
                count,
                window,
                dilation,
                Math.min(globals, count),
                heads,
                headSize,
                threads,
                gradients,
                runs,
                python);
    }

    /** Useful operations of a forward pass: two products over the pairs that see each other. */
    public double forwardFlops() {
        double pairs = 0;
        for (int residue = 0; residue < Math.min(dilation, tokens); residue++) {
            long length = Math.ceilDiv(tokens - residue, dilation);
            long reach = Math.min(window / 2, length - 1);
            pairs += (double) length * (2 * reach + 1) - (double) reach * (reach + 1);
        }
        return 4 * headSize * pairs * heads;
    }

    private static void require(String what, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    what + " is " + value + "; it must be at least " + least);
        }
    }
}
