package io.longspan.bench;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Runs the benchmark without the command line's options. Arguments, all optional and in this order:
 * tokens, window, dilation, globals, heads, head size, threads, runs. The system property {@code
 * bench.python} names an interpreter for the peers.
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
        String python = System.getProperty("bench.python");
        AttentionBenchRequest asked =
                new AttentionBenchRequest(
                        n[0],
                        n[1],
                        n[2],
                        n[3],
                        n[4],
                        n[5],
                        n[6],
                        true,
                        n[7],
                        python == null ? null : Path.of(python));
        EngineThreads.set(asked.threads());
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            AttentionBench bench =
                    new AttentionBench(registry, AttentionSettings.defaults(), line -> {});
            print(bench.run(asked));
        }
    }

    private static void print(AttentionBenchResult result) {
        System.out.printf(
                Locale.ROOT,
                "FMA peak %s GFLOP/s on %d threads%n",
                number("%.1f", result.peakGflops(), 1),
                result.request().threads());
        for (AttentionBenchRow row : result.rows()) {
            Timing forward = row.forward();
            if (forward == null) {
                System.out.printf(Locale.ROOT, "%-8s %s%n", row.name(), row.note());
                continue;
            }
            Timing backward = row.backward();
            Long extra = row.extraBytes();
            System.out.printf(
                    Locale.ROOT,
                    "%-8s forward %.1f ms (%.1f to %.1f), %s GFLOP/s, %s %% of peak, %s x;"
                            + " extra %s MB; backward %s ms, %s GFLOP/s, %s %%%n",
                    row.name(),
                    forward.medianSeconds() * 1e3,
                    forward.minSeconds() * 1e3,
                    forward.maxSeconds() * 1e3,
                    number("%.1f", row.forwardGflops(), 1),
                    number("%.0f", row.forwardShareOfPeak(), 100),
                    number("%.1f", row.ratioToFastest(), 1),
                    number("%.1f", extra == null ? null : (double) extra, 1e-6),
                    number("%.1f", backward == null ? null : backward.medianSeconds(), 1e3),
                    number("%.1f", row.backwardGflops(), 1),
                    number("%.0f", row.backwardShareOfPeak(), 100));
        }
    }

    private static String number(String format, @Nullable Double value, double unit) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value * unit);
    }
}
