package io.longspan.cli;

import io.longspan.attention.registry.AttentionSettings;
import io.longspan.bench.Timing;
import io.longspan.bench.train.TrainBench;
import io.longspan.bench.train.TrainBenchRequest;
import io.longspan.bench.train.TrainBenchResult;
import io.longspan.bench.train.TrainContender;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.ProgressLine;
import io.longspan.cli.term.Table;
import io.longspan.model.NewFolder;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.encoder.Activations;
import io.longspan.model.tensor.MklFullSpeed;
import io.longspan.training.config.Computing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Steps of training. */
@Command(
        name = "train",
        description = {
            "Time a step of training, masked language modelling of one sequence: with MKL as it is and at full speed and, with --python, transformers with gradient checkpointing on the same weights.",
            "Every contender is a process of its own; its first step is not counted."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan bench train --tokens 4096 --runs 3 --python PATH --json"})
final class TrainBenchCommand implements Callable<Integer> {
    private static final double MEBIBYTE = 1 << 20;

    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

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
            defaultValue = "3",
            paramLabel = "N",
            description = "Timed steps of each contender. Default: ${DEFAULT-VALUE}.")
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
                    "Model to make with random weights, as by init. Default: longformer-base-4096.")
    private @Nullable String preset;

    @Option(
            names = "--activations",
            defaultValue = "recomputed",
            paramLabel = "HOW",
            description =
                    "What our steps remember of their way forward: recomputed (less memory) or kept. Default: ${DEFAULT-VALUE}.")
    private Activations activations;

    @Option(
            names = "--products",
            defaultValue = "auto",
            paramLabel = "HOW",
            description =
                    "What computes our steps, as the setting of training: auto or engine. Default: ${DEFAULT-VALUE}.")
    private Computing.Products products;

    @Option(
            names = "--mkl",
            split = ",",
            defaultValue = "off,on",
            paramLabel = "LIST",
            description =
                    "A contender of ours with MKL's full speed off, on, or as auto decides. Default: ${DEFAULT-VALUE}.")
    private List<MklFullSpeed.Mode> modes;

    @Option(
            names = "--python",
            paramLabel = "PATH",
            description = "Interpreter with torch and transformers, for the peers.")
    private @Nullable Path python;

    @Option(
            names = "--peers",
            split = ",",
            defaultValue = "checkpointing",
            paramLabel = "LIST",
            description =
                    "Peers to time with --python: checkpointing, plain. Default: ${DEFAULT-VALUE}.")
    private List<String> peers;

    @Override
    public Integer call() {
        AttentionSettings settings = attention.settings(common.configurationForMeasuring());
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
            try (ProgressLine progress = new ProgressLine("write")) {
                RandomCheckpoint.write(
                        Presets.get(preset == null ? "longformer-base-4096" : preset),
                        1,
                        made,
                        null,
                        progress);
            }
            return run(made, settings);
        } finally {
            NewFolder.remove(folder);
        }
    }

    private int run(Path folder, AttentionSettings settings) {
        Console console = common.console();
        TrainBenchResult result;
        try {
            result = new TrainBench(settings, console::note).run(request(folder));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
        console.result(json(result), text(result));
        return 0;
    }

    private TrainBenchRequest request(Path folder) {
        return new TrainBenchRequest(
                folder,
                tokens,
                threads == null ? Machine.threads() : threads,
                runs,
                activations,
                products,
                modes,
                python,
                peers);
    }

    private static Map<String, Object> json(TrainBenchResult result) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("tokens", result.request().tokens());
        json.put("threads", result.request().threads());
        json.put("runs", result.request().runs());
        json.put("products", result.request().products().name().toLowerCase(Locale.ROOT));
        json.put("activations", result.request().activations().name().toLowerCase(Locale.ROOT));
        json.put("cpu", result.cpu());
        json.put("longspan", result.own().stream().map(one -> json(one, result.peers())).toList());
        json.put("peers", result.peers().stream().map(one -> json(one, List.of())).toList());
        return json;
    }

    private static Map<String, Object> json(TrainContender one, List<TrainContender> peers) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", one.name());
        json.put("version", one.version());
        Timing timing = one.timing();
        if (timing == null) {
            json.put("note", one.note());
            return json;
        }
        json.put("seconds", timing.medianSeconds());
        json.put("min_seconds", timing.minSeconds());
        json.put("max_seconds", timing.maxSeconds());
        json.put("peak_rss_bytes", one.peakBytes());
        json.put("first_loss", one.firstLoss());
        json.put("last_loss", one.lastLoss());
        for (TrainContender peer : peers) {
            Timing theirs = peer.timing();
            if (theirs != null) {
                json.put(
                        "against " + peer.name(),
                        Map.of(
                                "speed",
                                theirs.medianSeconds() / timing.medianSeconds(),
                                "memory",
                                (double) one.peakBytes() / peer.peakBytes()));
            }
        }
        return json;
    }

    private static String text(TrainBenchResult result) {
        Table table =
                new Table(
                        "contender",
                        "median",
                        "min",
                        "max",
                        "peak memory",
                        "first loss",
                        "last loss",
                        "computed by");
        for (List<TrainContender> side : List.of(result.own(), result.peers())) {
            side.forEach(one -> row(table, one));
        }
        StringBuilder ratios = new StringBuilder();
        for (TrainContender own : result.own()) {
            for (TrainContender peer : result.peers()) {
                Timing ours = own.timing();
                Timing theirs = peer.timing();
                if (ours != null && theirs != null) {
                    ratios.append(
                            String.format(
                                    Locale.ROOT,
                                    "%n%s: %.2f times as fast as %s, with %.2f of its memory",
                                    own.name(),
                                    theirs.medianSeconds() / ours.medianSeconds(),
                                    peer.name(),
                                    (double) own.peakBytes() / peer.peakBytes()));
                }
            }
        }
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%n%d tokens on %d threads of %s, products %s, activations %s%s",
                        result.request().tokens(),
                        result.request().threads(),
                        result.cpu(),
                        result.request().products().name().toLowerCase(Locale.ROOT),
                        result.request().activations().name().toLowerCase(Locale.ROOT),
                        ratios);
    }

    private static void row(Table table, TrainContender one) {
        Timing timing = one.timing();
        if (timing == null) {
            table.row(one.name(), one.note(), "", "", "", "", "", one.version());
            return;
        }
        table.row(
                one.name(),
                seconds(timing.medianSeconds()),
                seconds(timing.minSeconds()),
                seconds(timing.maxSeconds()),
                one.peakBytes() < 0
                        ? "-"
                        : String.format(Locale.ROOT, "%.0f MiB", one.peakBytes() / MEBIBYTE),
                String.format(Locale.ROOT, "%.5f", one.firstLoss()),
                String.format(Locale.ROOT, "%.5f", one.lastLoss()),
                one.version());
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f s", seconds);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("longspan-bench");
        } catch (IOException e) {
            throw new UsageException("no temporary folder can be made: " + e.getMessage(), e);
        }
    }
}
