package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.infer.MemoryEstimate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a checkpoint is without loading its weights. */
@Command(
        name = "inspect",
        description =
                "Show what a checkpoint is: architecture, layers, tensors, parameters, memory it needs.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: longspan inspect model --tokens 4096"})
final class InspectCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Mixin private GoldenOptions golden;

    @Parameters(paramLabel = "DIR", description = "Checkpoint folder.")
    private Path folder;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            description = "Tokens for the memory estimate. Default: all the model reads.")
    private @Nullable Integer tokens;

    @Option(names = "--tensors", description = "List every tensor.")
    private boolean listTensors;

    @Override
    public Integer call() {
        if (golden.asked()) {
            return golden.verify(folder, common);
        }
        try (Checkpoint checkpoint = CheckpointFiles.open(folder)) {
            LongformerConfig config = checkpoint.config();
            TensorNames names = checkpoint.names();
            long parameters =
                    names.canonical().stream()
                            .mapToLong(name -> names.get(name).info().elements())
                            .sum();
            long asked = tokens == null ? config.usablePositions() : tokens;
            if (asked < 1 || asked > config.usablePositions()) {
                throw new UsageException(
                        "--tokens is "
                                + asked
                                + "; this checkpoint reads 1 to "
                                + config.usablePositions());
            }
            MemoryEstimate memory = MemoryEstimate.of(config, parameters, asked);
            common.console()
                    .result(
                            json(config, names, parameters, asked, memory),
                            text(config, names, parameters, asked, memory));
            return 0;
        }
    }

    private Map<String, Object> json(
            LongformerConfig config,
            TensorNames names,
            long parameters,
            long asked,
            MemoryEstimate memory) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_type", config.modelType().key());
        json.put("task", names.task().key());
        json.put("layers", config.layers());
        json.put("hidden_size", config.hiddenSize());
        json.put("heads", config.heads());
        json.put("head_size", config.headSize());
        json.put("intermediate_size", config.intermediateSize());
        json.put("vocab_size", config.vocabSize());
        json.put("positions", config.usablePositions());
        json.put("patterns", patterns(config));
        json.put("parameters", parameters);
        json.put("tensors", tensors(names));
        json.put("unused_tensors", names.unused());
        json.put(
                "memory",
                Map.of(
                        "tokens",
                        asked,
                        "weights_bytes",
                        memory.weights(),
                        "activations_bytes",
                        memory.activations()));
        return json;
    }

    private String text(
            LongformerConfig config,
            TensorNames names,
            long parameters,
            long asked,
            MemoryEstimate memory) {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%s: %s, %s",
                        folder,
                        config.modelType().key(),
                        names.task().key()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "layers      %d of hidden size %d, %d heads of %d, feed-forward %d",
                        config.layers(),
                        config.hiddenSize(),
                        config.heads(),
                        config.headSize(),
                        config.intermediateSize()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "reads       %,d tokens, vocabulary %,d",
                        config.usablePositions(),
                        config.vocabSize()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "parameters  %,d in %d tensors",
                        parameters,
                        names.canonical().size()));
        if (!names.unused().isEmpty()) {
            lines.add("unused      " + String.join(", ", names.unused()));
        }
        lines.add(
                String.format(
                        Locale.ROOT,
                        "memory      %s of weights, %s of activations for %,d tokens (without the attention backend's workspace)",
                        bytes(memory.weights()),
                        bytes(memory.activations()),
                        asked));
        lines.add("attention");
        lines.addAll(patterns(config).stream().map(line -> "  " + line).toList());
        if (listTensors) {
            lines.add("tensors");
            tensors(names)
                    .forEach(t ->
                            lines.add(
                                    "  "
                                            + t.get("name")
                                            + " "
                                            + t.get("dtype")
                                            + " "
                                            + t.get("shape")));
        }
        return String.join("\n", lines);
    }

    private static List<String> patterns(LongformerConfig config) {
        return IntStream.range(0, config.layers())
                .mapToObj(layer -> "layer " + layer + ": " + config.pattern(layer))
                .toList();
    }

    private static List<Map<String, Object>> tensors(TensorNames names) {
        return names.canonical().stream()
                .map(name -> {
                    TensorInfo info = names.get(name).info();
                    Map<String, Object> entry = new LinkedHashMap<>();
                    entry.put("name", name);
                    entry.put("file_name", info.name());
                    entry.put("dtype", info.dtype().name());
                    entry.put("shape", info.shape());
                    return entry;
                })
                .toList();
    }

    private static String bytes(long count) {
        return count < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", count / 1024.0)
                : String.format(Locale.ROOT, "%.1f MiB", count / 1048576.0);
    }
}
