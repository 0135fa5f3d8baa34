package io.longspan.cli;

import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.bench.EncoderBench;
import io.longspan.bench.EncoderBenchRequest;
import io.longspan.bench.EncoderBenchResult;
import io.longspan.bench.EncoderPeer;
import io.longspan.bench.EngineThreads;
import io.longspan.bench.Timing;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.ProgressLine;
import io.longspan.cli.term.Table;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A whole encoder. */
@Command(
        name = "encoder",
        description =
                "Time an encoder as a session runs it: one sequence with one global token, beside the FMA peak of the same run and, with --python, beside transformers on the same weights.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan bench encoder --tokens 4096 --precision bf16 --threads 2 --json"
        })
final class EncoderBenchCommand implements Callable<Integer> {
    private static final int BASE_TOKENS = 4096;
    private static final double MEBIBYTE = 1 << 20;

    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;
    @Mixin private PrecisionOption precision;

    @Option(
            names = "--tokens",
            defaultValue = "4096",
            paramLabel = "N",
            description = "Tokens of the sequence. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(
            names = "--threads",
            paramLabel = "K",
            description = "Threads of a contender. Default: one per processor.")
    private @Nullable Integer threads;

    @Option(
            names = "--runs",
            defaultValue = "5",
            paramLabel = "N",
            description = "Timed runs of each contender. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Checkpoint folder. Default: random weights of --preset.")
    private @Nullable Path model;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "Model to make with random weights, as by init. Default: longformer-base-4096, or longformer-base-16384 for more tokens.")
    private @Nullable String preset;

    @Option(
            names = "--python",
            paramLabel = "PATH",
            description = "Interpreter with torch and transformers, for the peers.")
    private @Nullable Path python;

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "fp32,bf16,fp32-compile,bf16-compile",
            paramLabel = "LIST",
            description = "Peers to time with --python. Default: ${DEFAULT-VALUE}.")
    private List<String> peers;

    @Override
    public Integer call() {
        AttentionSettings settings = attention.settings(common.configuration());
        EngineThreads.set(threads == null ? Machine.threads() : threads);
        Path own = model;
        if (own != null && preset != null) {
            throw new UsageException("--model and --preset are both given; give one");
        }
        if (own != null) {
            return run(own, settings);
        }
        Path folder = folder();
        try {
            Path made = folder.resolve("model");
            String name =
                    preset != null
                            ? preset
                            : tokens <= BASE_TOKENS
                                    ? "longformer-base-4096"
                                    : "longformer-base-16384";
            try (ProgressLine progress = new ProgressLine("write")) {
                RandomCheckpoint.write(Presets.get(name), 1, made, null, progress);
            }
            return run(made, settings);
        } finally {
            delete(folder);
        }
    }

    private int run(Path folder, AttentionSettings settings) {
        Console console = common.console();
        EncoderBenchRequest asked = request(folder);
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins())) {
            EncoderBenchResult result =
                    new EncoderBench(registry, settings, console::note).run(asked);
            console.result(json(result), text(result));
            return 0;
        }
    }

    private EncoderBenchRequest request(Path folder) {
        try {
            return new EncoderBenchRequest(
                    folder,
                    tokens,
                    threads == null ? Machine.threads() : threads,
                    runs,
                    precision.choice(common.configuration()).packed(),
                    python,
                    peers);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Map<String, Object> json(EncoderBenchResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seconds", result.timing().medianSeconds());
        json.put("tokens_per_second", result.tokensPerSecond());
        json.put("min_seconds", result.timing().minSeconds());
        json.put("max_seconds", result.timing().maxSeconds());
        json.put("runs", result.timing().runs());
        json.put("tokens", result.request().tokens());
        json.put("threads", result.request().threads());
        json.put("precision", result.precision());
        json.put("backend", result.backend());
        json.put("kernel", result.kernel());
        result.fallback().ifPresent(reason -> json.put("fallback", reason));
        json.put("gflop", result.gflop());
        json.put("gflops", result.gflops());
        json.put("peak_gflops", result.peakGflops());
        json.put("share_of_peak", result.shareOfPeak());
        json.put("peak_rss_bytes", result.peakBytes());
        json.put("load_seconds", result.loadSeconds());
        json.put("cpu", result.cpu());
        json.put("peers", result.peers().stream().map(EncoderBenchCommand::json).toList());
        return json;
    }

    private static Map<String, Object> json(EncoderPeer peer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", peer.name());
        json.put("version", peer.version());
        Timing timing = peer.timing();
        if (timing == null) {
            json.put("note", peer.note());
        } else {
            json.put("seconds", timing.medianSeconds());
            json.put("min_seconds", timing.minSeconds());
            json.put("max_seconds", timing.maxSeconds());
            json.put("peak_rss_bytes", peer.peakBytes());
            json.put("ratio", peer.ratio());
            json.put("difference", peer.difference());
            json.put("cosine", peer.cosine());
        }
        return json;
    }

    private static String text(EncoderBenchResult result) {
        Table table =
                new Table(
                        "contender",
                        "median",
                        "min",
                        "max",
                        "peak memory",
                        "against ours",
                        "difference",
                        "cosine");
        table.row(
                "longspan " + result.precision(),
                seconds(result.timing().medianSeconds()),
                seconds(result.timing().minSeconds()),
                seconds(result.timing().maxSeconds()),
                mebibytes(result.peakBytes()),
                "1.00x",
                "",
                "");
        for (EncoderPeer peer : result.peers()) {
            Timing timing = peer.timing();
            if (timing == null) {
                table.row("transformers " + peer.name(), peer.note(), "", "", "", "", "", "");
            } else {
                table.row(
                        "transformers " + peer.name(),
                        seconds(timing.medianSeconds()),
                        seconds(timing.minSeconds()),
                        seconds(timing.maxSeconds()),
                        mebibytes(peer.peakBytes()),
                        format("%.2fx", peer.ratio()),
                        format("%.1e", peer.difference()),
                        format("%.6f", peer.cosine()));
            }
        }
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%n%d tokens on %d threads of %s%n%s attention, linear layers %s%n%.0f tokens/s, %.0f GFLOP/s, %.0f%% of the fp32 FMA peak in this run (%.0f GFLOP/s); loaded in %.1f s%s",
                        result.request().tokens(),
                        result.request().threads(),
                        result.cpu(),
                        result.backend(),
                        result.kernel(),
                        result.tokensPerSecond(),
                        result.gflops(),
                        100 * result.shareOfPeak(),
                        result.peakGflops(),
                        result.loadSeconds(),
                        result.fallback().map(why -> "\nnote: " + why).orElse(""));
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f s", seconds);
    }

    private static String mebibytes(long bytes) {
        return bytes < 0 ? "-" : String.format(Locale.ROOT, "%.0f MiB", bytes / MEBIBYTE);
    }

    private static String format(String format, @Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("longspan-bench");
        } catch (IOException e) {
            throw new UsageException("no temporary folder can be made: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException left) {
            folder.toFile().deleteOnExit();
        }
    }
}
