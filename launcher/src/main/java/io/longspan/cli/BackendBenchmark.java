package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.attention.registry.SelectionReport;
import io.longspan.attention.registry.SelectionRow;
import io.longspan.cli.role.LayerTimer;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times one layer's attention on every backend that can do it here. */
final class BackendBenchmark {
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
        List<Workload> work = LayerTimer.work();
        SelectionReport report = AttentionBackends.report(registry, settings, work);
        Map<String, double[]> seconds = new LinkedHashMap<>();
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
                    seconds.put(row.name(), LayerTimer.seconds(chosen.backend()));
                }
            }
        }
        double best =
                seconds.values().stream()
                        .mapToDouble(runs -> runs[runs.length / 2])
                        .min()
                        .orElse(1);
        Map<String, Timing> times = new LinkedHashMap<>();
        seconds.forEach((name, runs) ->
                times.put(
                        name,
                        new Timing(
                                runs[runs.length / 2],
                                runs[0],
                                runs[runs.length - 1],
                                runs[runs.length / 2] / best)));
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
        return LayerTimer.describe(Machine.threads()) + ":\n" + table;
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
    }
}
