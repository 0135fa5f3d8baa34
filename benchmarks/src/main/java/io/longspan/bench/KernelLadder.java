package io.longspan.bench;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The fused kernels in each vector width on one thread, by CPU time: that leaves out what other
 * work on the machine takes, though not what it does to caches. Arguments: the widths; the system
 * properties {@code bench.tokens}, {@code bench.heads} and {@code bench.dilation} change the task.
 */
public final class KernelLadder {
    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();
    private static final int WARM_RUNS = 3;
    private static final int RUNS = 9;
    private static final int PEAK_RUNS = 40;
    private static final int TURNS = 1_000_000;
    private static final String PREFIX = AttentionSettings.PREFIX;

    private KernelLadder() {}

    /** Measures and prints a line per width. */
    public static void main(String[] widths) {
        AttentionBenchRequest asked =
                new AttentionBenchRequest(
                        Integer.getInteger("bench.tokens", 4096),
                        512,
                        Integer.getInteger("bench.dilation", 1),
                        0,
                        Integer.getInteger("bench.heads", 12),
                        64,
                        1,
                        true,
                        RUNS,
                        null);
        try (AttentionRegistry registry = AttentionRegistry.discover(null)) {
            for (String width : widths) {
                rung(registry, width, asked);
            }
        }
        System.out.printf(Locale.ROOT, "FMA peak %.1f GFLOP/s%n", peak());
    }

    private static void rung(
            AttentionRegistry registry, String width, AttentionBenchRequest asked) {
        Map<String, String> properties =
                Map.of(PREFIX + "backend", "fused", PREFIX + "options.fused.vector-bits", width);
        try (SelectedBackend chosen =
                        AttentionBackends.open(
                                registry,
                                AttentionSettings.from(properties),
                                List.of(Task.of(asked).workload()),
                                Device.CPU,
                                1);
                Contender contender = AttentionBench.contender(chosen.backend(), asked)) {
            double forward = best(contender::forward);
            double both = best(contender::train);
            double backward = both - forward;
            System.out.printf(
                    Locale.ROOT,
                    "%-6s forward %.1f ms, %.1f GFLOP/s; backward %.1f ms, %.1f GFLOP/s%n",
                    width,
                    forward * 1e3,
                    asked.forwardFlops() / forward / 1e9,
                    backward * 1e3,
                    Comparison.BACKWARD_CONVENTION * asked.forwardFlops() / backward / 1e9);
        }
    }

    private static double best(Runnable work) {
        double least = Double.POSITIVE_INFINITY;
        for (int run = -WARM_RUNS; run < RUNS; run++) {
            long begin = CLOCK.getCurrentThreadCpuTime();
            work.run();
            double seconds = (CLOCK.getCurrentThreadCpuTime() - begin) / 1e9;
            least = run < 0 ? least : Math.min(least, seconds);
        }
        return least;
    }

    private static double peak() {
        double best = 0;
        for (int run = 0; run < PEAK_RUNS; run++) {
            long begin = CLOCK.getCurrentThreadCpuTime();
            float kept = FmaPeak.chains(TURNS);
            double seconds = (CLOCK.getCurrentThreadCpuTime() - begin) / 1e9;
            best = Math.max(best, Float.isNaN(kept) ? 0 : FmaPeak.flops(TURNS) / seconds / 1e9);
        }
        return best;
    }
}
