package io.longspan.cli;

import io.longspan.cli.config.UsageException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.infer.MemoryEstimate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a checkpoint or preset is without loading its weights. */
@Command(
        name = "inspect",
        description =
                "Show what a checkpoint or preset is: architecture, what every layer sees, tensors, parameters, memory it needs.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan inspect model --tokens 512,4096",
            "Example: longspan inspect --preset longformer-base-4096"
        })
final class InspectCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Mixin private GoldenOptions golden;

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "Checkpoint folder.")
    private @Nullable Path folder;

    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description = "A preset in place of a folder; longspan init --preset lists them.")
    private @Nullable String preset;

    @Option(
            names = "--tokens",
            split = ",",
            arity = "1..*",
            paramLabel = "N",
            description =
                    "Tokens of a batch for the memory estimate; several with commas or spaces. Default: all the model reads.")
    private List<Long> tokens = new ArrayList<>();

    @Option(names = "--tensors", description = "List every tensor.")
    private boolean listTensors;

    @Override
    public Integer call() {
        if (golden.asked()) {
            return golden.verify(required(), common);
        }
        Inspected model = model();
        List<MemoryEstimate> memory =
                tokens(model).stream()
                        .map(n -> MemoryEstimate.of(model.config(), model.parameters().total(), n))
                        .toList();
        common.console()
                .result(
                        InspectView.json(model, memory),
                        InspectView.text(model, memory, listTensors));
        return 0;
    }

    private Path required() {
        if (folder == null || preset != null) {
            throw new UsageException(
                    "--verify-golden compares the weights of a checkpoint folder; name the folder, without --preset");
        }
        return folder;
    }

    private Inspected model() {
        if ((folder == null) == (preset == null)) {
            throw new UsageException(
                    "name one thing to inspect: a checkpoint folder, or a preset with --preset");
        }
        if (folder == null) {
            return Inspected.preset(String.valueOf(preset));
        }
        try (Checkpoint checkpoint = CheckpointFiles.open(folder)) {
            return Inspected.of(checkpoint);
        }
    }

    private List<Long> tokens(Inspected model) {
        long most = model.config().usablePositions();
        for (long asked : tokens) {
            if (asked < 1 || asked > most) {
                throw new UsageException(
                        "--tokens is " + asked + "; this checkpoint reads 1 to " + most);
            }
        }
        return tokens.isEmpty() ? List.of(most) : tokens;
    }
}
