package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.Workload;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.convert.ConversionCheck;
import io.longspan.model.convert.ConversionReport;
import io.longspan.model.convert.ConversionTarget;
import io.longspan.model.convert.LongformerConversion;
import io.longspan.model.encoder.AttentionNeeds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * RoBERTa, XLM-R or BERT to Longformer, or a Longformer to another length, and the proof that the
 * short answers stayed the same.
 */
@Command(
        name = "convert",
        description = {
            "Turn a RoBERTa, XLM-R or BERT into a Longformer of any length, or a Longformer into one of another length.",
            "The family is read from the source's config.json. Source and result are compared on random texts that both can read whole; when they differ, nothing is written."
        },
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
            description = "Checkpoint folder of a RoBERTa, XLM-R, BERT or Longformer.")
    private Path from;

    @Option(names = "--to", required = true, paramLabel = "DIR", description = "Folder to make.")
    private Path to;

    @Option(
            names = "--positions",
            defaultValue = "4096",
            paramLabel = "N",
            description =
                    "Tokens that the new model reads, any number; the last tile may be a part of one. Default: ${DEFAULT-VALUE}.")
    private int positions;

    @Option(
            names = "--window",
            split = ",",
            paramLabel = "W",
            description =
                    "Total width of the layers' windows, even: one for all, or one per layer with commas. Default: a Longformer keeps its own, others get 512.")
    private List<Integer> windows = new ArrayList<>();

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Seed of the texts that source and result are compared on. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        AttentionSettings settings = attention.settings(common.configuration());
        AtomicReference<ConversionCheck> check = new AtomicReference<>();
        ConversionReport report;
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins());
                ProgressLine progress = new ProgressLine("convert")) {
            report =
                    LongformerConversion.convert(
                            from,
                            to,
                            new ConversionTarget(positions, windows),
                            progress,
                            made -> check.set(check(registry, settings, made)));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("to", to.toString());
        json.put("conversion", report);
        json.put("check", check.get());
        common.console().result(json, ConversionView.text(to, report, check.get()));
        return 0;
    }

    /** Compares the finished folder with the source, before it gets its name. */
    private ConversionCheck check(
            AttentionRegistry registry, AttentionSettings settings, Path made) {
        try (SelectedBackend backend = BackendChooser.open(registry, settings, needs(made))) {
            ConversionCheck check = ConversionCheck.run(from, made, seed, backend.backend());
            if (!check.passed()) {
                throw new IllegalStateException(
                        "the converted model differs from its source by "
                                + check.maxDifference()
                                + " on texts of "
                                + check.texts()
                                + ", seed "
                                + seed
                                + " (largest value "
                                + check.maxValue()
                                + "); nothing was written");
            }
            return check;
        }
    }

    private List<Workload> needs(Path made) {
        try (Checkpoint source = CheckpointFiles.open(from);
                Checkpoint target = CheckpointFiles.open(made)) {
            LongformerConfig config = target.config();
            Set<Feature> calls = config.causal() ? Set.of() : Set.of(Feature.GLOBAL_KEYS);
            List<Workload> both =
                    new ArrayList<>(AttentionNeeds.of(config, calls, Device.Kind.CPU));
            both.addAll(AttentionNeeds.of(source.config(), Set.of(), Device.Kind.CPU));
            return both;
        }
    }
}
