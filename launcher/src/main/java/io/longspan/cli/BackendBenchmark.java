package io.longspan.cli;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.attention.registry.SelectionReport;
import io.longspan.attention.registry.SelectionRow;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.Table;
import io.longspan.model.encoder.AttentionRun;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Times one layer's attention on every backend that can do it here. */
final class BackendBenchmark {
    private static final int TOKENS = 512;
    private static final int HEADS = 12;
    private static final int HEAD_SIZE = 64;
    private static final int REACH = 64;
    private static final int RUNS = 3;

    private BackendBenchmark() {}

    /**
     * What was measured.
     *
     * @param medianSeconds of the timed runs
     * @param minSeconds of the timed runs
     * @param maxSeconds of the timed runs
     * @param ratio median over the median of the fastest backend of the same run
     */
    record Timing(double medianSeconds, double minSeconds, double maxSeconds, double ratio) {}

    static Map<String, Timing> run(
            AttentionRegistry registry, AttentionSettings settings, Console console) {
        AttentionPattern pattern = AttentionPattern.symmetric(HEADS, REACH, HEAD_SIZE);
        SequenceLayout layout = SequenceLayout.allLocal(TOKENS).withGlobals(0);
        List<Workload> work =
                List.of(Workload.onCpu(pattern, HEAD_SIZE, Set.of(Feature.GLOBAL_KEYS)));
        SelectionReport report = AttentionBackends.report(registry, settings, work);
        Map<String, double[]> seconds = new LinkedHashMap<>();
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray qkv =
                    manager.randomNormal(new Shape(3, TOKENS, HEADS, HEAD_SIZE)); // [3, T, H, D]
            for (SelectionRow row : report.rows()) {
                if (row.usable()) {
                    console.note("timing " + row.name());
                    try (SelectedBackend chosen =
                            AttentionBackends.open(
                                    registry,
                                    settings.withBackend(row.name()),
                                    work,
                                    Device.CPU,
                                    Machine.threads())) {
                        seconds.put(row.name(), time(chosen.backend(), qkv, layout, pattern));
                    }
                }
            }
        }
        double best = seconds.values().stream().mapToDouble(runs -> runs[RUNS / 2]).min().orElse(1);
        Map<String, Timing> times = new LinkedHashMap<>();
        seconds.forEach((name, runs) ->
                times.put(
                        name,
                        new Timing(
                                runs[RUNS / 2], runs[0], runs[RUNS - 1], runs[RUNS / 2] / best)));
        return times;
    }

    static String text(Map<String, Timing> times) {
        Table table = new Table("backend", "median", "min", "max", "ratio");
        times.forEach((name, t) ->
                table.row(
                        name,
                        millis(t.medianSeconds),
                        millis(t.minSeconds),
                        millis(t.maxSeconds),
                        String.format(Locale.ROOT, "%.1f x", t.ratio)));
        return TOKENS
                + " tokens, "
                + HEADS
                + " heads of "
                + HEAD_SIZE
                + ", window "
                + 2 * REACH
                + ", one global token, "
                + Machine.threads()
                + " threads, "
                + RUNS
                + " runs:\n"
                + table;
    }

    /** Seconds of each timed run, ascending; the first run warms up and is not counted. */
    private static double[] time(
            AttentionBackend backend,
            NDArray qkv,
            SequenceLayout layout,
            AttentionPattern pattern) {
        double[] seconds = new double[RUNS];
        for (int run = -1; run < RUNS; run++) {
            try (NDManager scope = qkv.getManager().newSubManager()) {
                NDArray query = scoped(qkv, 0, scope);
                NDArray key = scoped(qkv, 1, scope);
                NDArray value = scoped(qkv, 2, scope);
                long begin = System.nanoTime();
                AttentionRun.once(backend, query, key, value, layout, pattern);
                if (run >= 0) {
                    seconds[run] = (System.nanoTime() - begin) / 1e9;
                }
            }
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private static NDArray scoped(NDArray qkv, long index, NDManager scope) {
        NDArray part = qkv.get(index); // [T, H, D]
        part.attach(scope);
        return part;
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
    }
}
