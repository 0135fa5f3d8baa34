package io.longspan.bench.train;

import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.bench.PeakMemory;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.Activations;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.gradient.LabelledBatch;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.head.TokenLabels;
import io.longspan.model.tensor.MklFullSpeed;
import io.longspan.training.config.Computing;
import io.longspan.training.optim.AdamW;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Our steps, in a process of their own. Arguments: folder, tokens, threads, runs, activations,
 * products, mode of MKL, then settings of attention as {@code key=value}.
 */
public final class TrainBenchMain {
    private static final int SETTINGS = 7;
    private static final int FIRST_WORD = 5;
    private static final int EVERY = 7;
    private static final int GUESSED = 3;
    private static final double RATE = 1e-5;

    private TrainBenchMain() {}

    /** Says its line and ends. */
    public static void main(String[] arguments) {
        MklFullSpeed.Mode mode = MklFullSpeed.Mode.valueOf(arguments[6]);
        MklFullSpeed.Outcome mkl = MklFullSpeed.apply(mode);
        if (mode == MklFullSpeed.Mode.ON && !mkl.on()) {
            System.out.println("none\t" + mkl.reason());
            return;
        }
        Map<String, String> properties = new HashMap<>();
        for (int i = SETTINGS; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            properties.put(pair[0], pair[1]);
        }
        AttentionSettings settings = AttentionSettings.from(properties);
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins())) {
            System.out.println(
                    line(
                            Path.of(arguments[0]),
                            Integer.parseInt(arguments[1]),
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]),
                            new Computing(
                                    Activations.valueOf(arguments[4]),
                                    Computing.AUTO,
                                    Computing.Products.valueOf(arguments[5])),
                            registry,
                            settings));
        }
    }

    private static String line(
            Path folder,
            int tokens,
            int threads,
            int runs,
            Computing computing,
            AttentionRegistry registry,
            AttentionSettings settings) {
        try (ComputeCrew crew = new ComputeCrew(threads);
                TrainableModel model =
                        TrainableModel.open(
                                folder,
                                Task.MASKED_LM,
                                new DropoutRates(0, 0),
                                computing.kernels(crew),
                                Progress.none());
                SelectedBackend backend =
                        AttentionBackends.open(
                                registry,
                                settings,
                                AttentionNeeds.of(
                                        model.config(),
                                        EnumSet.of(Feature.GRADIENTS),
                                        Device.Kind.CPU),
                                Device.CPU,
                                crew);
                AdamW optimiser = new AdamW(model.parameters(), 0.9, 0.98, 1e-6, 0.01)) {
            LabelledBatch batch = batch(model.config(), tokens);
            int terms = batch.labels().terms();
            double[] losses = new double[runs + 1];
            StringBuilder seconds = new StringBuilder();
            for (int run = 0; run <= runs; run++) {
                long begin = System.nanoTime();
                model.zeroGradients();
                losses[run] =
                        model.lossAndGradients(
                                        batch,
                                        backend.backend(),
                                        1f / terms,
                                        computing.activations())
                                / terms;
                optimiser.step(RATE, Math.min(1, 1 / (optimiser.gradientNorm() + 1e-6)));
                if (run > 0) {
                    seconds.append(
                            String.format(
                                    Locale.ROOT, "\t%.6f", (System.nanoTime() - begin) / 1e9));
                }
            }
            return "%s %s\t%d\t%s\t%s%s"
                    .formatted(
                            backend.name(),
                            backend.version(),
                            PeakMemory.most(),
                            losses[0],
                            losses[runs],
                            seconds);
        }
    }

    /** The tokens that the script of the peers makes, too: every seventh is hidden. */
    static LabelledBatch batch(LongformerConfig config, int tokens) {
        int words = config.vocabSize() - FIRST_WORD - 1;
        long[] ids =
                IntStream.range(0, tokens)
                        .mapToLong(i -> i == 0 ? 0 : FIRST_WORD + (i * 7919L + 13) % words)
                        .toArray(); // [T]
        long[] rows =
                IntStream.range(0, tokens)
                        .filter(i -> i % EVERY == GUESSED)
                        .asLongStream()
                        .toArray(); // [R]
        long[] truth = new long[rows.length];
        for (int r = 0; r < rows.length; r++) {
            truth[r] = ids[(int) rows[r]];
            ids[(int) rows[r]] = config.vocabSize() - 1L;
        }
        return new LabelledBatch(
                TokenBatch.of(config, ids, SequenceLayout.allLocal(tokens)),
                new TokenLabels(rows, truth));
    }
}
