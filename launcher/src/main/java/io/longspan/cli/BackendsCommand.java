package io.longspan.cli;

import io.longspan.attention.Availability;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.RejectedProvider;
import io.longspan.attention.registry.SelectionReport;
import io.longspan.attention.registry.SelectionRow;
import io.longspan.cli.role.SelectionJson;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints the selection report, the capability table and, on demand, times. */
@Command(
        name = "backends",
        description =
                "Show every attention backend: which would be chosen, which cannot run and why, what each supports.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan backends --benchmark"})
final class BackendsCommand implements Callable<Integer> {
    private static final int BAD_INPUT = 2;

    @Mixin private CommonOptions common;

    @Option(
            names = "--benchmark",
            description = "Time each available backend on one layer's work on this machine.")
    private boolean benchmark;

    @Override
    public Integer call() {
        Console console = common.console();
        AttentionSettings settings = common.configurationForMeasuring().attention();
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins())) {
            SelectionReport report = AttentionBackends.report(registry, settings, List.of());
            Map<String, BackendBenchmark.Timing> times =
                    benchmark ? BackendBenchmark.run(registry, settings, console) : Map.of();
            LinearReport linear = LinearReport.of(common.configuration().inferencePrecision());
            Map<String, Object> json = new LinkedHashMap<>(json(report, registry, times));
            json.put("inference", linear.json());
            console.result(json, text(report, registry, times) + "\n\n" + linear.text());
            report.warnings().forEach(warning -> console.note("longspan: warning: " + warning));
            if (report.error() != null) {
                console.note("longspan: " + report.error());
                return BAD_INPUT;
            }
            return 0;
        }
    }

    private static Map<String, Object> json(
            SelectionReport report,
            AttentionRegistry registry,
            Map<String, BackendBenchmark.Timing> times) {
        Map<String, Map<String, ?>> benchmarks = new LinkedHashMap<>();
        times.forEach((name, timing) -> benchmarks.put(name, Map.of("benchmark", timing)));
        return SelectionJson.of(report, registry, benchmarks);
    }

    private static String text(
            SelectionReport report,
            AttentionRegistry registry,
            Map<String, BackendBenchmark.Timing> times) {
        List<String> parts = new ArrayList<>();
        Table state = new Table("backend", "version", "priority", "state", "from");
        for (SelectionRow row : report.rows()) {
            String word =
                    row.name().equals(report.chosen())
                            ? "chosen"
                            : row.usable() ? "available" : "unavailable";
            state.row(
                    row.name(),
                    row.version(),
                    Integer.toString(row.priority()),
                    word,
                    row.origin());
        }
        parts.add(state.toString());
        parts.add(
                report.rows().stream()
                        .map(BackendsCommand::about)
                        .collect(Collectors.joining("\n")));
        parts.add(CapabilityTable.text(registry));
        if (!times.isEmpty()) {
            parts.add(BackendBenchmark.text(times));
        }
        if (!report.rejected().isEmpty()) {
            parts.add(
                    report.rejected().stream()
                            .map(BackendsCommand::about)
                            .collect(Collectors.joining("\n")));
        }
        return String.join("\n\n", parts);
    }

    private static String about(SelectionRow row) {
        String detail =
                row.availability() instanceof Availability.Available(String found)
                        ? found
                        : row.against();
        return row.name() + ": " + row.summary() + "\n    " + detail;
    }

    private static String about(RejectedProvider broken) {
        return "not usable: " + broken.origin() + ": " + broken.reason();
    }
}
