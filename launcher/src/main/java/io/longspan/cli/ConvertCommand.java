package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.convert.ConversionCheck;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.model.encoder.AttentionNeeds;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * RoBERTa to Longformer, or a Longformer to another length, and the proof that the short answers
 * stayed the same.
 */
@Command(
        name = "convert",
        description =
                "Turn a RoBERTa into a Longformer of any length, or a Longformer into one of another length.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: longspan convert --from roberta --to longformer --positions 4096 --window 512"
        })
final class ConvertCommand implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Mixin private AttentionOptions attention;

    @Option(
            names = "--from",
            required = true,
            paramLabel = "DIR",
            description = "Checkpoint folder of a RoBERTa or Longformer.")
    private Path from;

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "Folder to make.")
    private Path to;

    @Option(
            names = "--positions",
            defaultValue = "4096",
            paramLabel = "N",
            description = "Tokens that the new model reads. Default: ${DEFAULT-VALUE}.")
    private int positions;

    @Option(
            names = "--window",
            defaultValue = "512",
            paramLabel = "W",
            description = "Total width of every layer's window, even. Default: ${DEFAULT-VALUE}.")
    private int window;

    @Override
    public Integer call() {
        AttentionSettings settings = attention.settings(common.configuration());
        AtomicReference<ConversionCheck> check = new AtomicReference<>();
        LongformerConversion.Result result;
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins());
                ProgressLine progress = new ProgressLine("convert")) {
            result =
                    LongformerConversion.convert(
                            from,
                            to,
                            positions,
                            window,
                            progress,
                            made -> check.set(check(registry, settings, made)));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("to", to.toString());
        json.put("conversion", result);
        json.put("check", check.get());
        common.console().result(json, text(result, check.get()));
        return 0;
    }

    /** Compares the finished folder with the source, before it gets its name. */
    private ConversionCheck check(
            AttentionRegistry registry, AttentionSettings settings, Path made) {
        try (Checkpoint source = CheckpointFiles.open(from);
                Checkpoint target = CheckpointFiles.open(made);
                SelectedBackend backend =
                        BackendChooser.open(
                                registry,
                                settings,
                                AttentionNeeds.of(target.config(), Set.of(), Device.Kind.CPU))) {
            int tokens =
                    ConversionCheck.tokens(window, source.config().usablePositions(), positions);
            ConversionCheck check = ConversionCheck.run(from, made, tokens, backend.backend());
            if (!check.passed()) {
                throw new IllegalStateException(
                        "the converted model differs from its source by "
                                + check.maxDifference()
                                + " on "
                                + check.tokens()
                                + " tokens (largest value "
                                + check.maxValue()
                                + "); nothing was written");
            }
            return check;
        }
    }

    private String text(LongformerConversion.Result result, ConversionCheck check) {
        return String.format(
                Locale.ROOT,
                """
                %s: longformer, %s, %d tensors
                positions  %d -> %d (tiled)
                window     %d in every layer
                tokenizer  %s
                check      same answers as the source: %d tokens, largest difference of the hidden states %.2g (largest value %.2g)\
                """,
                to,
                result.task(),
                result.tensors(),
                result.sourcePositions(),
                result.positions(),
                result.window(),
                result.tokenizerFiles().isEmpty()
                        ? "none in the source"
                        : String.join(", ", result.tokenizerFiles()),
                check.tokens(),
                check.maxDifference(),
                check.maxValue());
    }
}
