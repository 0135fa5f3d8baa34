package io.longspan.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets what was measured against the peak and against the fastest. */
final class Comparison {
    /** A backward pass counts as so many forward passes: five products to two. */
    static final double BACKWARD_CONVENTION = 2.5;

    private Comparison() {}

    static AttentionBenchResult of(
            AttentionBenchRequest asked,
            @Nullable Double peak,
            List<AttentionBench.Measured> measured) {
        double fastest = Double.POSITIVE_INFINITY;
        for (AttentionBench.Measured one : measured) {
            Timing forward = one.forward();
            fastest = forward == null ? fastest : Math.min(fastest, forward.medianSeconds());
        }
        double best = fastest;
        return new AttentionBenchResult(
                asked, peak, measured.stream().map(one -> row(asked, peak, best, one)).toList());
    }

    private static AttentionBenchRow row(
            AttentionBenchRequest asked,
            @Nullable Double peak,
            double fastest,
            AttentionBench.Measured one) {
        Double forward = gflops(asked.forwardFlops(), one.forward());
        Double backward = gflops(BACKWARD_CONVENTION * asked.forwardFlops(), one.backward());
        Timing timing = one.forward();
        return new AttentionBenchRow(
                one.name(),
                one.version(),
                one.note(),
                timing,
                one.backward(),
                forward,
                backward,
                share(forward, peak),
                share(backward, peak),
                timing == null ? null : timing.medianSeconds() / fastest,
                one.extraBytes());
    }

    private static @Nullable Double gflops(double flops, @Nullable Timing timing) {
        return timing == null ? null : flops / timing.medianSeconds() / 1e9;
    }

    private static @Nullable Double share(@Nullable Double gflops, @Nullable Double peak) {
        return gflops == null || peak == null ? null : gflops / peak;
    }
}
