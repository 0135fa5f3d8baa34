package io.longspan.bench;

import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionPattern;
import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Times an encoder as a session runs it: one sequence, first token global, beside the FMA peak of
 * the same run and, where their Python is there, beside transformers on the same weights.
 */
public final class EncoderBench {
    private static final int WARM_RUNS = 2;
    private static final double WARM_SECONDS = 1.5;
    private static final int FIRST_WORD = 5;
    private static final int WORDS = 50_000;

    private final AttentionRegistry registry;
    private final AttentionSettings settings;
    private final Consumer<String> progress;

    /**
     * A benchmark.
     *
     * @param progress is told what is being measured, one line at a time
     */
    public EncoderBench(
            AttentionRegistry registry, AttentionSettings settings, Consumer<String> progress) {
        this.registry = registry;
        this.settings = settings;
        this.progress = progress;
    }

    /** What our own passes gave. */
    private record Own(EncoderBenchResult result, float[] state, int width) {}

    /** Measures. */
    public EncoderBenchResult run(EncoderBenchRequest asked) {
        double before = peak(asked.threads());
        Own own = own(asked);
        double peak = Math.max(before, peak(asked.threads()));
        Path python = asked.python();
        List<EncoderPeer> peers =
                python == null
                        ? List.of()
                        : EncoderPeers.measure(
                                asked,
                                python,
                                own.state(),
                                own.width(),
                                own.result().timing().medianSeconds(),
                                progress);
        EncoderBenchResult r = own.result();
        return new EncoderBenchResult(
                asked,
                r.cpu(),
                r.backend(),
                r.kernel(),
                r.precision(),
                r.fallback(),
                r.timing(),
                r.gflop(),
                peak,
                r.peakBytes(),
                r.loadSeconds(),
                peers);
    }

    private Own own(EncoderBenchRequest asked) {
        PeakMemory.resetMost();
        long begin = System.nanoTime();
        try (ComputeCrew crew = new ComputeCrew(asked.threads());
                LongformerModel model =
                        LongformerModel.open(
                                asked.model(),
                                ModelOptions.inference(asked.precision(), crew)
                                        .withTask(Task.ENCODER),
                                Progress.none());
                SelectedBackend backend = backend(model, crew)) {
            double loaded = (System.nanoTime() - begin) / 1e9;
            progress.accept("timing " + backend.name() + ", " + model.linearKernel());
            TokenBatch batch = batch(model.config(), asked.tokens());
            double warm = 0;
            for (int run = 0; run < WARM_RUNS || warm < WARM_SECONDS; run++) {
                warm += seconds(model, backend, batch);
            }
            double[] seconds = new double[asked.runs()];
            for (int run = 0; run < seconds.length; run++) {
                seconds[run] = seconds(model, backend, batch);
            }
            long most = PeakMemory.most();
            EncoderBenchResult result =
                    new EncoderBenchResult(
                            asked,
                            LinearBench.cpu(),
                            backend.name(),
                            model.linearKernel(),
                            model.precision().name().toLowerCase(Locale.ROOT),
                            model.linearFallback(),
                            Timing.of(seconds),
                            gflop(model.config(), asked.tokens()),
                            Double.NaN,
                            most,
                            loaded,
                            List.of());
            return new Own(result, state(model, backend, batch), model.config().hiddenSize());
        }
    }

    private SelectedBackend backend(LongformerModel model, ComputeCrew crew) {
        Set<Feature> calls = EnumSet.of(Feature.GLOBAL_KEYS);
        return AttentionBackends.open(
                registry,
                settings,
                AttentionNeeds.of(model.config(), calls, Device.Kind.CPU),
                Device.CPU,
                crew);
    }

    /** The tokens that the script of the peers makes, too. */
    private static TokenBatch batch(LongformerConfig config, int tokens) {
        long[] ids =
                LongStream.range(0, tokens)
                        .map(i -> i == 0 ? 0 : FIRST_WORD + (i * 7919 + 13) % WORDS)
                        .toArray(); // [T]
        return TokenBatch.of(config, ids, SequenceLayout.allLocal(tokens).withGlobals(0));
    }

    private static double seconds(
            LongformerModel model, SelectedBackend backend, TokenBatch batch) {
        long begin = System.nanoTime();
        try (NDManager manager = model.newManager()) {
            model.encoder().forward(batch, backend.backend(), manager);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private static float[] state(LongformerModel model, SelectedBackend backend, TokenBatch batch) {
        try (NDManager manager = model.newManager()) {
            return TensorBridge.floats(
                    model.encoder().forward(batch, backend.backend(), manager)); // [T, N]
        }
    }

    /** Operations in 1e9: products of the linear layers, and of the pairs that attend. */
    static double gflop(LongformerConfig config, long tokens) {
        double n = config.hiddenSize();
        double linear = 2 * (4 * n * n + 2 * n * config.intermediateSize()) * tokens;
        double total = 0;
        for (int layer = 0; layer < config.layers(); layer++) {
            AttentionPattern pattern = config.pattern(layer);
            total += linear;
            for (int head = 0; head < pattern.heads(); head++) {
                total +=
                        4
                                * config.headSize()
                                * (pairs(tokens, pattern.left(head), pattern.dilation(head))
                                        + tokens
                                        + pairs(
                                                tokens,
                                                pattern.right(head),
                                                pattern.dilation(head)));
            }
        }
        return total / 1e9;
    }

    /** Pairs to one side: token i has as many as its place and the window let it. */
    private static double pairs(long tokens, long window, long dilation) {
        double pairs = 0;
        for (long k = 1; k <= window && k * dilation < tokens; k++) {
            pairs += tokens - k * dilation;
        }
        return pairs;
    }

    private static double peak(int threads) {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? FmaPeak.gflops(threads)
                : Double.NaN;
    }
}
