package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.bench.serve.LoadResult;
import io.longspan.bench.serve.MachineLimit;
import io.longspan.bench.serve.RawModel;
import io.longspan.bench.serve.ServeBench;
import io.longspan.bench.serve.ServeBenchRequest;
import io.longspan.bench.serve.ServeBenchResult;
import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.role.Platform;
import io.longspan.cli.role.PlatformSettings;
import io.longspan.cli.role.Role;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.ProgressLine;
import io.longspan.cli.term.Table;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.tokenizer.RobertaTokenizer;
import io.longspan.serving.ServedModelSpec;
import io.longspan.store.Store;
import io.longspan.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A server under load. */
@Command(
        name = "serve",
        description = {
            "Start a server of one model with a database of its own, load it over loopback from a second process, and measure the model alone before and after.",
            "Texts have 16 to 4,096 tokens, or as many as the model reads; each power of two is as likely as any other.",
            "A first load of 64 callers and a double load are not counted: they warm both processes.",
            "Both processes share this machine's cores: at the end the model is measured alone beside the double load on a server that refuses all of it, which no server can surpass."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan bench serve --preset tiny --seconds 10",
            "Example: longspan bench serve --preset longformer-base-4096 --peak-only --json"
        })
final class ServeBenchCommand implements Callable<Integer> {
    private static final String NAME = "bench";
    private static final double PROBE_SECONDS = 1;
    private static final double BATCHES = 6;
    private static final double LEAST_SECONDS = 5;
    private static final double MOST_SECONDS = 600;

    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Checkpoint folder. Default: random weights of --preset.")
    private @Nullable Path model;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "Model to make with random weights, as by init. Default: tiny.")
    private @Nullable String preset;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description =
                    "Time of each measurement, after a quarter of it to warm up. Default: as long as 6 batches take, at least 5.")
    private @Nullable Double seconds;

    @Option(
            names = "--peak-only",
            description =
                    "Measure the peak and the model alone, for the ratio of the two, and nothing else.")
    private boolean peakOnly;

    @Option(
            names = "--callers",
            split = ",",
            defaultValue = "1,8,64",
            paramLabel = "LIST",
            description = "Numbers of callers, each 1 to 64. Default: ${DEFAULT-VALUE}.")
    private List<Integer> callers;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Seed of lengths and times. Default: ${DEFAULT-VALUE}.")
    private long seed;

    /** The model alone and behind the server. */
    private record Measured(
            double before, double after, OptionalDouble limit, ServeBenchResult served) {
        double raw() {
            return (before + after) / 2;
        }

        double ratio() {
            return served.peak().tokensPerSecond() / raw();
        }

        /** Of what any server could do beside the double load. */
        double ofLimit(LoadResult overload) {
            return overload.tokensPerSecond() / limit.orElseThrow();
        }
    }

    @Override
    public Integer call() throws IOException {
        if (model != null && preset != null) {
            throw new UsageException("--model and --preset are both given; give one");
        }
        Configuration configuration = common.configuration();
        AttentionSettings settings = attention.settings(configuration);
        Path folder = Files.createTempDirectory("longspan-bench-serve");
        try {
            Path checkpoint = model == null ? made(folder.resolve("model")) : model;
            Measured measured = measure(checkpoint, folder, configuration, settings);
            common.console().line(json(measured), text(measured));
            return 0;
        } finally {
            delete(folder);
        }
    }

    private Path made(Path folder) {
        try (ProgressLine progress = new ProgressLine("write")) {
            RandomCheckpoint.write(
                    Presets.get(preset == null ? "tiny" : preset),
                    1,
                    folder,
                    DistributionFiles.demo().resolve("tokenizer"),
                    progress);
        }
        return folder;
    }

    private Measured measure(
            Path checkpoint, Path folder, Configuration configuration, AttentionSettings settings)
            throws IOException {
        Console console = common.console();
        PlatformSettings platform =
                PlatformOptions.settings(
                        Set.of(Role.SERVE),
                        configuration,
                        settings,
                        folder,
                        List.of(new ServedModelSpec(NAME, Optional.empty(), checkpoint)),
                        OptionalInt.of(0),
                        OptionalInt.of(0));
        int longest =
                LongformerConfigJson.read(checkpoint.resolve(CheckpointFiles.CONFIG))
                        .usablePositions();
        // Wrong numbers are said before a database is made.
        ServeBenchRequest _ =
                request("127.0.0.1:1", longest, platform, 1, seconds == null ? 1 : seconds);
        double each = seconds == null ? enough(checkpoint, platform) : seconds;
        console.note("the model alone");
        double before = raw(checkpoint, platform, each);
        ServeBenchResult served;
        try (Store store = Store.open(new StoreSettings.Embedded(folder.resolve("postgres")));
                Platform server = Platform.start(platform, store, NAME)) {
            String target = server.target().orElseThrow();
            served = run(console, request(target, longest, platform, before, each));
        }
        console.note("the model alone, again");
        double after = raw(checkpoint, platform, each);
        if (served.overload().isEmpty()) {
            return new Measured(before, after, OptionalDouble.empty(), served);
        }
        console.note("the model alone, beside the double load on a server that refuses all of it");
        double limit =
                MachineLimit.tokensPerSecond(
                        NAME,
                        longest,
                        served.overload().get().offered(),
                        each,
                        seed,
                        () -> raw(checkpoint, platform, each));
        return new Measured(before, after, OptionalDouble.of(limit), served);
    }

    /** Seconds in which a model computes some batches. */
    private double enough(Path checkpoint, PlatformSettings platform) {
        double batch = platform.schedule().batchTokens() / raw(checkpoint, platform, PROBE_SECONDS);
        double each = Math.clamp(Math.ceil(BATCHES * batch), LEAST_SECONDS, MOST_SECONDS);
        common.console()
                .note(
                        String.format(
                                Locale.ROOT,
                                "a batch of %,d tokens takes the model about %.2f s; each measurement takes %.0f s (--seconds says otherwise)",
                                platform.schedule().batchTokens(),
                                batch,
                                each));
        return each;
    }

    private static ServeBenchResult run(Console console, ServeBenchRequest asked) {
        try {
            return new ServeBench(console::note).run(asked);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    private ServeBenchRequest request(
            String target, int longest, PlatformSettings platform, double raw, double each) {
        try {
            return new ServeBenchRequest(
                    target,
                    NAME,
                    longest,
                    platform.schedule().batchTokens(),
                    raw,
                    peakOnly,
                    each,
                    callers,
                    seed);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Tokens per second of the model in this process, with batches as the server makes them. */
    private double raw(Path checkpoint, PlatformSettings platform, double each) {
        try (BackendChooser backends = new BackendChooser(platform.attention());
                LongformerModel open =
                        LongformerModel.open(
                                checkpoint,
                                ModelOptions.inference(
                                        platform.inference().packed(), backends.crew()),
                                Progress.none());
                RobertaTokenizer tokenizer = RobertaTokenizer.open(checkpoint);
                SelectedBackend backend =
                        backends.open(InferenceSession.needs(open.config(), Device.Kind.CPU))) {
            return RawModel.tokensPerSecond(
                    new InferenceSession(open, tokenizer, backend.backend()),
                    platform.schedule().batchTokens(),
                    platform.schedule().batchRequests(),
                    each,
                    seed);
        }
    }

    private static Map<String, Object> json(Measured measured) {
        ServeBenchResult served = measured.served();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("raw_tokens_per_second", measured.raw());
        json.put("raw_before", measured.before());
        json.put("raw_after", measured.after());
        json.put("peak_tokens_per_second", served.peak().tokensPerSecond());
        json.put("ratio", measured.ratio());
        json.put("peak", json(served.peak()));
        served.alone()
                .ifPresent(alone -> {
                    json.put("overhead_p50_ms", alone.overhead());
                    json.put("alone", json(alone));
                    json.put("half", served.half().stream().map(ServeBenchCommand::json).toList());
                });
        served.overload()
                .ifPresent(overload -> {
                    json.put("goodput", served.goodput(overload));
                    json.put("limit_tokens_per_second", measured.limit().orElseThrow());
                    json.put("goodput_of_limit", measured.ofLimit(overload));
                    json.put("deadline_seconds", served.deadline());
                    json.put("overload", json(overload));
                });
        return json;
    }

    private static Map<String, Object> json(LoadResult load) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("callers", load.callers());
        json.put("offered_per_second", load.offered());
        json.put("seconds", load.seconds());
        json.put("answered", load.answered());
        json.put("tokens_per_second", load.tokensPerSecond());
        json.put("refused", load.refused());
        json.put("late", load.late());
        json.put("failed", load.failed());
        json.put("p50_ms", load.p50());
        json.put("p99_ms", load.p99());
        json.put("p999_ms", load.p999());
        json.put("overhead_p50_ms", load.overhead());
        json.put("overhead_p99_ms", load.overhead99());
        json.put("tokenize_p50_ms", load.tokenize());
        json.put("queue_p50_ms", load.queue());
        json.put("rest_p50_ms", load.rest());
        json.put("lag_p99_ms", load.lag());
        json.put("load_cores", load.loadCores());
        json.put("server_cores", load.serverCores());
        return json;
    }

    private static String text(Measured measured) {
        ServeBenchResult served = measured.served();
        Table table =
                new Table(
                        "load",
                        "offered/s",
                        "answered/s",
                        "tokens/s",
                        "p50",
                        "p99",
                        "p99.9",
                        "refused",
                        "late",
                        "failed");
        served.alone().ifPresent(alone -> row(table, "1 caller, waiting", alone));
        row(table, served.peak().callers() + " callers, waiting", served.peak());
        served.half().forEach(load -> row(table, load.callers() + " callers, half", load));
        served.overload().ifPresent(load -> row(table, load.callers() + " callers, double", load));
        String text =
                table
                        + String.format(
                                Locale.ROOT,
                                "%n%nmodel alone %,.0f tokens/s (%,.0f before, %,.0f after); server at its peak %,.0f, %.2f of it",
                                measured.raw(),
                                measured.before(),
                                measured.after(),
                                served.peak().tokensPerSecond(),
                                measured.ratio());
        return served.alone().isEmpty() || served.overload().isEmpty()
                ? text
                : text + text(measured, served.alone().get(), served.overload().get());
    }

    private static String text(Measured measured, LoadResult alone, LoadResult overload) {
        ServeBenchResult served = measured.served();
        return String.format(
                Locale.ROOT,
                "%nbeyond the model, one caller: %.2f ms at the median (tokens %.2f, line %.2f, the rest %.2f), %.2f ms at the 99th percentile%ndouble load with a deadline of %.1f s: %.2f of the peak's tokens/s in time; the load took %.2f cores of it (%.2f at the peak)%nmodel alone beside that load, all of it refused by a server that does nothing else: %,.0f tokens/s; the server in time %.2f of it",
                alone.overhead(),
                alone.tokenize(),
                alone.queue(),
                alone.rest(),
                alone.overhead99(),
                served.deadline(),
                served.goodput(overload),
                overload.loadCores(),
                served.peak().loadCores(),
                measured.limit().orElseThrow(),
                measured.ofLimit(overload));
    }

    private static void row(Table table, String name, LoadResult load) {
        table.row(
                name,
                load.offered() > 0 ? number("%.1f", load.offered()) : "-",
                number("%.1f", load.answersPerSecond()),
                number("%,.0f", load.tokensPerSecond()),
                number("%.2f ms", load.p50()),
                number("%.2f ms", load.p99()),
                number("%.2f ms", load.p999()),
                Long.toString(load.refused()),
                Long.toString(load.late()),
                Long.toString(load.failed()));
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
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
