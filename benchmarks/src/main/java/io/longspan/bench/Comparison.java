package io.longspan.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets what was measured against the peak and against the fastest. */
final class Comparison {
    /** A backward pass counts as so many forward passes: five products to two. */
    static final double BACKWARD_CONVENTION = 2.5;

    private Comparison() {}

    static AttentionBenchResult of(
            AttentionBenchRequest asked, double peak, List<AttentionBench.Measured> measured) {
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
            AttentionBenchRequest asked, double peak, double fastest, AttentionBench.Measured one) {
        double forward = gflops(asked.forwardFlops(), one.forward());
        double backward = gflops(BACKWARD_CONVENTION * asked.forwardFlops(), one.backward());
        return new AttentionBenchRow(
                one.name(),
                one.version(),
                one.note(),
                one.forward(),
                one.backward(),
                forward,
                backward,
                forward / peak,
                backward / peak,
                one.forward() == null ? Double.NaN : one.forward().medianSeconds() / fastest,
                one.extraBytes());
    }

    private static double gflops(double flops, @Nullable Timing timing) {
        return timing == null ? Double.NaN : flops / timing.medianSeconds() / 1e9;
    }
}
