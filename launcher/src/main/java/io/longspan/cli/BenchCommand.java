package io.longspan.cli;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.bench.AttentionBench;
import io.longspan.bench.AttentionBenchRequest;
import io.longspan.bench.AttentionBenchResult;
import io.longspan.bench.AttentionBenchRow;
import io.longspan.bench.EngineThreads;
import io.longspan.bench.Timing;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.Table;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures. */
@Command(
        name = "bench",
        description = "Measure on this machine; only ratios within one run mean something.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "WHAT",
        footer = {"", "Example: longspan bench attention --tokens 4096 --window 512"},
        subcommands = {
            BenchCommand.Attention.class,
            LinearBenchCommand.class,
            EncoderBenchCommand.class,
            TrainBenchCommand.class,
            AccuracyBenchCommand.class,
            ServeBenchCommand.class,
            IngestBenchCommand.class
        })
final class BenchCommand {
    private BenchCommand() {}

    /** One layer's attention on every backend. */
    @Command(
            name = "attention",
            description =
                    "Time one layer's attention, forward and backward, on every available backend, beside the FMA peak of the same run.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan bench attention --tokens 16384 --threads 2 --json"})
    static final class Attention implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Option(
                names = "--tokens",
                defaultValue = "4096",
                paramLabel = "N",
                description = "Tokens of the sequence. Default: ${DEFAULT-VALUE}.")
        private int tokens;

        @Option(
                names = "--window",
                defaultValue = "512",
                paramLabel = "W",
                description = "Window, both sides together. Default: ${DEFAULT-VALUE}.")
        private int window;

        @Option(
                names = "--dilation",
                defaultValue = "1",
                paramLabel = "D",
                description = "Tokens from one key to the next. Default: ${DEFAULT-VALUE}.")
        private int dilation;

        @Option(
                names = "--globals",
                defaultValue = "0",
                paramLabel = "G",
                description = "Global tokens. Default: ${DEFAULT-VALUE}.")
        private int globals;

        @Option(
                names = "--heads",
                defaultValue = "12",
                paramLabel = "H",
                description = "Heads. Default: ${DEFAULT-VALUE}.")
        private int heads;

        @Option(
                names = "--head-size",
                defaultValue = "64",
                paramLabel = "S",
                description = "Numbers per head. Default: ${DEFAULT-VALUE}.")
        private int headSize;

        @Option(
                names = "--threads",
                paramLabel = "K",
                description = "Threads of a backend. Default: one per processor.")
        private @Nullable Integer threads;

        @Option(
                names = "--runs",
                defaultValue = "7",
                paramLabel = "N",
                description = "Timed runs of each backend. Default: ${DEFAULT-VALUE}.")
        private int runs;

        @Option(
                names = "--python",
                paramLabel = "PATH",
                description = "Interpreter with torch and transformers, for the peers.")
        private @Nullable Path python;

        @Override
        public Integer call() {
            Console console = common.console();
            AttentionSettings settings = common.configurationForMeasuring().attention();
            AttentionBenchRequest asked = request();
            EngineThreads.set(asked.threads());
            try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins())) {
                AttentionBenchResult result =
                        new AttentionBench(registry, settings, console::note).run(asked);
                console.result(result, text(result));
                return 0;
            }
        }

        private AttentionBenchRequest request() {
            try {
                return new AttentionBenchRequest(
                        tokens,
                        window,
                        dilation,
                        globals,
                        heads,
                        headSize,
                        threads == null ? Machine.threads() : threads,
                        true,
                        runs,
                        python);
            } catch (IllegalArgumentException e) {
                throw new UsageException(String.valueOf(e.getMessage()), e);
            }
        }

        private static String text(AttentionBenchResult result) {
            Table table =
                    new Table(
                            "backend",
                            "forward",
                            "of the peak",
                            "against the fastest",
                            "backward",
                            "its share",
                            "note");
            for (AttentionBenchRow row : result.rows()) {
                table.row(
                        row.name(),
                        millis(row.forward()),
                        number("%.0f%%", row.forwardShareOfPeak(), 100),
                        number("%.1fx", row.ratioToFastest(), 1),
                        millis(row.backward()),
                        number("%.0f%%", row.backwardShareOfPeak(), 100),
                        row.note());
            }
            return table
                    + String.format(
                            Locale.ROOT,
                            "%n%nFMA peak in this run: %s GFLOP/s on %d threads",
                            number("%.0f", result.peakGflops(), 1),
                            result.request().threads());
        }

        private static String millis(@Nullable Timing timing) {
            return timing == null
                    ? "-"
                    : String.format(Locale.ROOT, "%.1f ms", 1e3 * timing.medianSeconds());
        }

        private static String number(String format, @Nullable Double value, double unit) {
            return value == null ? "-" : String.format(Locale.ROOT, format, value * unit);
        }
    }
}
