package io.longspan.bench;

import java.util.List;
import java.util.Optional;

/**
 * What was measured in one run of {@link EncoderBench}.
 *
 * @param request as asked
 * @param cpu as the system names it
 * @param backend of attention
 * @param kernel of the linear layers
 * @param precision of the linear layers that ran
 * @param fallback why that is not what was asked for
 * @param timing of a forward pass
 * @param gflop operations of a pass in 1e9: linear layers and what attention needs
 * @param peakGflops float32 multiply-adds that the threads reach at best, in 1e9 operations per
 *     second; NaN without the Vector API
 * @param peakBytes most that this process held since the model began to load, -1 when unknown
 * @param loadSeconds from opening the folder to a model that can run
 * @param peers of the same run
 */
public record EncoderBenchResult(
        EncoderBenchRequest request,
        String cpu,
        String backend,
        String kernel,
        String precision,
        Optional<String> fallback,
        Timing timing,
        double gflop,
        double peakGflops,
        long peakBytes,
        double loadSeconds,
        List<EncoderPeer> peers) {
    /** Copies the list. */
    public EncoderBenchResult {
        peers = List.copyOf(peers);
    }

    /** At the median. */
    public double tokensPerSecond() {
        return request.tokens() / timing.medianSeconds();
    }

    /** Operations in 1e9 per second, at the median. */
    public double gflops() {
        return gflop / timing.medianSeconds();
    }

    /** The share of the float32 peak, at the median; bfloat16 and int8 can exceed 1. */
    public double shareOfPeak() {
        return gflops() / peakGflops;
    }
}
