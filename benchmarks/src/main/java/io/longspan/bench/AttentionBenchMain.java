package io.longspan.bench;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import java.util.Locale;

/**
 * Runs the benchmark without the command line's options. Arguments, all optional and in this order:
 * tokens, window, dilation, globals, heads, head size, threads, runs.
 */
public final class AttentionBenchMain {
    private static final int[] DEFAULTS = {4096, 512, 1, 0, 12, 64, 2, 7};

    private AttentionBenchMain() {}

    /** Measures and prints a table. */
    public static void main(String[] arguments) {
        int[] n = DEFAULTS.clone();
        for (int i = 0; i < arguments.length; i++) {
            n[i] = Integer.parseInt(arguments[i]);
        }
        AttentionBenchRequest asked =
                new AttentionBenchRequest(
                        n[0], n[1], n[2], n[3], n[4], n[5], n[6], true, n[7], null);
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            AttentionBench bench =
                    new AttentionBench(registry, AttentionSettings.defaults(), line -> {});
            print(bench.run(asked));
        }
    }

    private static void print(AttentionBenchResult result) {
        System.out.printf(
                Locale.ROOT,
                "FMA peak %.1f GFLOP/s on %d threads%n",
                result.peakGflops(),
                result.request().threads());
        for (AttentionBenchRow row : result.rows()) {
            Timing forward = row.forward();
            if (forward == null) {
                System.out.printf(Locale.ROOT, "%-8s %s%n", row.name(), row.note());
                continue;
            }
            Timing backward = row.backward();
            System.out.printf(
                    Locale.ROOT,
                    "%-8s forward %.1f ms (%.1f to %.1f), %.1f GFLOP/s, %.0f %% of peak, %.1f x;"
                            + " extra %.1f MB; backward %.1f ms, %.1f GFLOP/s, %.0f %%%n",
                    row.name(),
                    forward.medianSeconds() * 1e3,
                    forward.minSeconds() * 1e3,
                    forward.maxSeconds() * 1e3,
                    row.forwardGflops(),
                    row.forwardShareOfPeak() * 100,
                    row.ratioToFastest(),
                    row.extraBytes() / 1e6,
                    backward == null ? Double.NaN : backward.medianSeconds() * 1e3,
                    row.backwardGflops(),
                    row.backwardShareOfPeak() * 100);
        }
    }
}
