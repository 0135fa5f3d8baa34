package io.longspan.training.run;

import io.longspan.attention.AttentionBackend;
import io.longspan.attention.AttentionBackendProvider;
import io.longspan.attention.BackendContext;
import io.longspan.attention.BackendOptions;
import io.longspan.attention.Device;
import io.longspan.attention.chunks.ChunksAttentionProvider;
import io.longspan.attention.fused.FusedAttentionProvider;
import io.longspan.attention.loop.LoopAttentionProvider;
import io.longspan.model.Progress;
import io.longspan.model.config.LongformerConfigBuilder;
import io.longspan.model.config.ModelType;
import io.longspan.model.convert.RandomCheckpoint;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.TokenSource;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A model and a data set that train in milliseconds. */
public final class Tiny {
    public static final int VOCABULARY = 97;
    public static final int MASK = 96;

    private Tiny() {}

    public static Path model(Path parent) {
        return model(parent, VOCABULARY);
    }

    public static Path model(Path parent, int vocabulary) {
        return write(parent, builder(ModelType.LONGFORMER, vocabulary));
    }

    /** A model that sees only what comes before. */
    public static Path causal(Path parent) {
        return causal(parent, VOCABULARY, true);
    }

    /** A model in which what comes after is hidden, or is not. */
    public static Path causal(Path parent, int vocabulary, boolean causal) {
        return write(
                parent, builder(ModelType.LONGSPAN, vocabulary).causal(causal).preLayerNorm(true));
    }

    private static LongformerConfigBuilder builder(ModelType type, int vocabulary) {
        return new LongformerConfigBuilder(type)
                .vocabSize(vocabulary)
                .hiddenSize(16)
                .layers(2)
                .heads(2)
                .intermediateSize(32)
                .maxPositionEmbeddings(66)
                .window(8);
    }

    private static Path write(Path parent, LongformerConfigBuilder config) {
        Path folder = parent.resolve("model");
        RandomCheckpoint.write(config.build(), 7, folder, null, Progress.none());
        return folder;
    }

    /** Settings of a run of 6 steps of 4 sequences of 32 tokens, in two batches each. */
    public static Map<String, Object> settings(Path model, Path output) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("model", model.toString());
        settings.put("output", output.toString());
        settings.put("steps", 6);
        settings.put("sequence_length", 32);
        settings.put("tokens_per_step", 128);
        settings.put("tokens_per_batch", 64);
        settings.put("learning_rate", 1e-2);
        settings.put("warmup_steps", 1);
        settings.put("mask_token_id", MASK);
        settings.put("evaluation_every", 2);
        settings.put("evaluation_share", 0.1);
        settings.put("hidden_dropout", 0);
        settings.put("attention_dropout", 0);
        return settings;
    }

    /** Counting upwards in steps of three: easy to guess, no special ids inside. */
    public static TokenSource data(int tokens) {
        int[] ids = new int[tokens];
        for (int t = 0; t < tokens; t++) {
            ids[t] = 5 + 3 * t % 90;
        }
        return source(ids, "counting " + tokens);
    }

    public static TokenSource source(int[] ids, String identity) {
        return new TokenSource() {
            @Override
            public long tokens() {
                return ids.length;
            }

            @Override
            public int[] read(long offset, int length) {
                int[] part = new int[length];
                System.arraycopy(ids, (int) offset, part, 0, length);
                return part;
            }

            @Override
            public String identity() {
                return identity;
            }
        };
    }

    public static AttentionBackend backend(String name) {
        return switch (name) {
            case "loop" -> make(new LoopAttentionProvider(), Map.of());
            case "chunks" -> make(new ChunksAttentionProvider(), Map.of());
            case "fused" -> make(new FusedAttentionProvider(), Map.of("warm-up", "false"));
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static AttentionBackend make(
            AttentionBackendProvider provider, Map<String, String> options) {
        return provider.create(
                new BackendContext(
                        BackendOptions.of(provider.name(), provider.options(), options),
                        Device.CPU,
                        1));
    }

    public static TrainingOutcome run(Map<String, Object> settings, TokenSource data, RunLog log) {
        return run(settings, data, log, "chunks");
    }

    public static TrainingOutcome run(
            Map<String, Object> settings, TokenSource data, RunLog log, String name) {
        return run(settings, data, log, name, () -> false);
    }

    static TrainingOutcome run(
            Map<String, Object> settings,
            TokenSource data,
            RunLog log,
            String name,
            BooleanSupplier stop) {
        return run(settings, List.of(data), log, name, stop);
    }

    static TrainingOutcome run(
            Map<String, Object> settings,
            List<TokenSource> data,
            RunLog log,
            String name,
            BooleanSupplier stop) {
        try (AttentionBackend backend = backend(name)) {
            return Trainer.run(
                    new TrainingRequest(
                            TrainingConfig.parse(settings), backend, name, "test", data),
                    log,
                    TrainingProgress.none(),
                    stop);
        }
    }

    public static TrainingOutcome tune(Map<String, Object> settings, RunLog log, String name) {
        return tune(settings, log, name, () -> false);
    }

    public static TrainingOutcome tune(
            Map<String, Object> settings, RunLog log, String name, BooleanSupplier stop) {
        try (AttentionBackend backend = backend(name)) {
            return Trainer.run(
                    new TrainingRequest(
                            TrainingConfig.parse(settings), backend, name, "test", List.of()),
                    log,
                    TrainingProgress.none(),
                    stop);
        }
    }
}
