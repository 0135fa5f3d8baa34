package io.longspan.cli;

import io.longspan.bench.LinearBench;
import io.longspan.bench.LinearBenchRequest;
import io.longspan.bench.LinearBenchResult;
import io.longspan.bench.LinearBenchRow;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.Table;
import io.longspan.model.linear.LinearPrecision;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The linear layers of a model. */
@Command(
        name = "linear",
        description =
                "Time the linear layers of a base-size model: packed kernels of each precision beside DJL's linear, with MKL as it is and at full speed.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan bench linear --tokens 4096 --precision bf16"})
final class LinearBenchCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(
            names = "--tokens",
            defaultValue = "4096",
            paramLabel = "N",
            description =
                    "Rows of a layer; the vocabulary head gets 15%% of them. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--threads",
            paramLabel = "K",
            description = "Threads of a contender. Default: one per processor.")
    private @Nullable Integer threads;

    @Option(
            names = "--runs",
            defaultValue = "9",
            paramLabel = "N",
            description = "Timed runs of each contender. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--precision",
            paramLabel = "P",
            description =
                    "Only this precision of the packed kernels: ${COMPLETION-CANDIDATES}. Default: all.")
    private @Nullable LinearPrecision precision;

    @Override
    public Integer call() {
        Console console = common.console();
        LinearBenchResult result = new LinearBench(console::note).run(request());
        console.result(result, text(result));
        return 0;
    }

    private LinearBenchRequest request() {
        try {
            return new LinearBenchRequest(
                    tokens,
                    threads == null ? Machine.threads() : threads,
                    runs,
                    precision == null ? List.of(LinearPrecision.values()) : List.of(precision));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static String text(LinearBenchResult result) {
        Table table =
                new Table(
                        "layer",
                        "contender",
                        "median",
                        "min",
                        "max",
                        "best GFLOP/s",
                        "of the fp32 peak",
                        "against djl");
        for (LinearBenchRow row : result.rows()) {
            table.row(
                    row.layer() + " " + row.rows() + "x" + row.in() + "x" + row.out(),
                    row.contender(),
                    millis(row.timing().medianSeconds()),
                    millis(row.timing().minSeconds()),
                    millis(row.timing().maxSeconds()),
                    String.format(Locale.ROOT, "%.0f", row.bestGflops()),
                    String.format(Locale.ROOT, "%.0f%%", 100 * row.shareOfPeak()),
                    String.format(Locale.ROOT, "%.2fx", row.ratioToEngine()));
        }
        StringBuilder text = new StringBuilder().append(table);
        text.append(
                String.format(
                        Locale.ROOT,
                        "%n%nfp32 FMA peak in this run: %.0f GFLOP/s on %d threads of %s%nShares and ratios are those of the fastest runs; contenders took turns call by call.",
                        result.peakGflops(),
                        result.request().threads(),
                        result.cpu()));
        result.notes().forEach(note -> text.append("\nnote: ").append(note));
        return text.toString();
    }

    private static String millis(double seconds) {
        return String.format(Locale.ROOT, "%.2f ms", 1e3 * seconds);
    }
}
