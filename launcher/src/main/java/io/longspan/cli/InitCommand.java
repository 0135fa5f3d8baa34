package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.Presets;
import io.longspan.model.convert.RandomCheckpoint;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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
            required = true,
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "NAME",
            description = "The model to make; without a name the presets are listed.")
    private String preset;

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
        if (preset.isEmpty()) {
            common.console().result(Map.of("presets", PresetTable.json()), PresetTable.text());
            return 0;
        }
        LongformerConfig config = Presets.get(preset);
        if (to == null) {
            throw new UsageException("name the folder to make with --to DIR");
        }
        long parameters;
        try (ProgressLine progress = new ProgressLine("write")) {
            parameters = RandomCheckpoint.write(config, seed, to, tokenizer, progress);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("to", to.toString());
        json.put("preset", preset);
        json.put("seed", seed);
        json.put("parameters", parameters);
        common.console()
                .result(
                        json,
                        String.format(
                                Locale.ROOT,
                                "%s: %s with %,d random parameters, seed %d",
                                to,
                                preset,
                                parameters,
                                seed));
        return 0;
    }
}
