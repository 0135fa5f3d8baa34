package io.longspan.bench;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionBackends;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.linear.LinearPrecision;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answers of packed linear layers against those of the engine's linear in float32, on
 * real text: embeddings of tokens, and what is guessed for hidden ones. Every precision runs on the
 * same attention.
 */
public final class AccuracyBench {
    private final AttentionRegistry registry;
    private final AttentionSettings settings;
    private final Consumer<String> progress;

    /**
     * A comparison over a registry, which stays the caller's to close.
     *
     * @param progress is told what runs, one line at a time
     */
    public AccuracyBench(
            AttentionRegistry registry, AttentionSettings settings, Consumer<String> progress) {
        this.registry = registry;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * Compares. A variant with outliers lies in the folder of temporary files meanwhile.
     *
     * @throws io.longspan.model.ModelInputException when model or texts cannot be read
     */
    public AccuracyResult run(AccuracyRequest asked) {
        LongformerConfig config;
        try (Checkpoint checkpoint = CheckpointFiles.open(asked.model())) {
            config = checkpoint.config();
        }
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(asked.model());
                SelectedBackend backend =
                        AttentionBackends.open(
                                registry,
                                settings,
                                InferenceSession.needs(config, Device.Kind.CPU),
                                Device.CPU,
                                Runtime.getRuntime().availableProcessors())) {
            AccuracyTexts texts = AccuracyTexts.read(asked, tokenizer, config.usablePositions());
            Side side = new Side(backend, texts, tokenizer.special().mask());
            float[] none = new float[config.hiddenSize()];
            AccuracyRequest.Outliers outliers = asked.outliers();
            if (outliers == null) {
                return compared(asked, side, asked.model(), none, null, null);
            }
            AccuracyAnswers plain = answers(side, asked.model(), null);
            Path folder = Files.createTempDirectory("outliers");
            try {
                float[] offset =
                        OutlierVariant.write(asked.model(), folder, outliers, asked.seed());
                return compared(asked, side, folder, offset, plain, none);
            } finally {
                NewFolder.remove(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a folder for the variant cannot be made", e);
        }
    }

    /** What every precision has in common. */
    private record Side(SelectedBackend backend, AccuracyTexts texts, long mask) {}

    private AccuracyResult compared(
            AccuracyRequest asked,
            Side side,
            Path folder,
            float[] offset,
            @Nullable AccuracyAnswers plain,
            float @Nullable [] none) {
        AccuracyAnswers reference = answers(side, folder, null);
        int[] truth = side.texts().truth();
        List<AccuracyRow> rows = new ArrayList<>();
        for (LinearPrecision precision : asked.precisions()) {
            AccuracyAnswers found = answers(side, folder, precision);
            VectorAgreement vectors =
                    new VectorAgreement(reference.states(), found.states(), offset);
            rows.add(
                    new AccuracyRow(
                            precision.name().toLowerCase(Locale.ROOT),
                            vectors.relativeError(),
                            vectors.largestDifference(),
                            vectors.meanCosine(),
                            vectors.firstPercentile(),
                            share(reference.guesses(), found.guesses()),
                            share(truth, found.guesses()),
                            found.fallback()));
        }
        return new AccuracyResult(
                asked,
                LinearBench.cpu(),
                side.backend().name(),
                side.texts().ids().size(),
                side.texts().tokens(),
                truth.length,
                share(truth, reference.guesses()),
                plain == null || none == null
                        ? null
                        : new VectorAgreement(plain.states(), moved(reference, offset), none)
                                .relativeError(),
                plain == null ? null : share(plain.guesses(), reference.guesses()),
                rows);
    }

    private static float[] moved(AccuracyAnswers variant, float[] offset) {
        float[] states = variant.states().clone();
        for (int i = 0; i < states.length; i++) {
            states[i] -= offset[i % offset.length];
        }
        return states;
    }

    private static @Nullable Double share(int @Nullable [] expected, int @Nullable [] found) {
        return expected == null || found == null ? null : VectorAgreement.share(expected, found);
    }

    private AccuracyAnswers answers(Side side, Path folder, @Nullable LinearPrecision precision) {
        progress.accept(
                precision == null
                        ? "engine"
                        : precision.name().toLowerCase(Locale.ROOT) + ", packed");
        ModelOptions how = ModelOptions.defaults().withPacked(precision);
        try (LongformerModel model = LongformerModel.open(folder, how, Progress.none())) {
            return AccuracyAnswers.of(model, side.backend().backend(), side.texts(), side.mask());
        }
    }
}
