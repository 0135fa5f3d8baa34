package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a checkpoint with random weights. */
@Command(
        name = "init",
        description =
                "Write a masked language model with random weights: for tests, benchmarks and training from scratch.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan init --preset tiny --seed 1 --to tiny-longformer"})
final class InitCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(
            names = "--preset",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "NAME",
            description = "The model to make; without a name the presets are listed.")
    private @Nullable String preset;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Instead of a preset: a config.json in Hugging Face's layout.")
    private @Nullable Path file;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Seed; the same one gives the same bytes. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--to", paramLabel = "DIR", description = "Folder to make.")
    private @Nullable Path to;

    @Option(
            names = "--tokenizer",
            paramLabel = "DIR",
            description = "Copy the tokenizer of this folder beside the weights.")
    private @Nullable Path tokenizer;

    @Override
    public Integer call() {
        String name = preset;
        if ((name == null) == (file == null)) {
            throw new UsageException(
                    "name a model with --preset NAME or --config FILE, one of them; --preset alone lists the presets");
        }
        if (name != null && name.isEmpty()) {
            common.console().result(Map.of("presets", PresetTable.json()), PresetTable.text());
            return 0;
        }
        LongformerConfig config =
                file == null
                        ? Presets.get(Objects.requireNonNull(name))
                        : LongformerConfigJson.read(file);
        String shape = file == null ? Objects.requireNonNull(name) : file.toString();
        if (to == null) {
            throw new UsageException("name the folder to make with --to DIR");
        }
        long parameters;
        try (ProgressLine progress = new ProgressLine("write")) {
            parameters = RandomCheckpoint.write(config, seed, to, tokenizer, progress);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("to", to.toString());
        json.put(file == null ? "preset" : "config", shape);
        json.put("seed", seed);
        json.put("parameters", parameters);
        common.console()
                .result(
                        json,
                        String.format(
                                Locale.ROOT,
                                "%s: %s with %,d random parameters, seed %d",
                                to,
                                shape,
                                parameters,
                                seed));
        return 0;
    }
}
