package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.registry.AttentionRegistry;
import io.longspan.attention.registry.AttentionSettings;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.term.ProgressLine;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.golden.GoldenComparison;
import io.longspan.model.golden.GoldenRun;
import io.longspan.model.golden.PublishedNumbers;
import io.longspan.model.infer.LongformerModel;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Holds a folder with the published weights against the published numbers. */
final class GoldenOptions {
    @Mixin private AttentionOptions attention;

    @Option(
            names = "--verify-golden",
            description = {
                "Run the published weights of longformer-base-4096 that lie in DIR and compare with the published numbers;"
                        + " exit code 1 when one differs. Takes a minute and 3 GB of memory."
            })
    private boolean verify;

    /** Whether the option is given. */
    boolean asked() {
        return verify;
    }

    /**
     * Runs and prints.
     *
     * @return the exit code
     */
    int verify(Path folder, CommonOptions common) {
        try (Checkpoint checkpoint = CheckpointFiles.open(folder)) {
            PublishedNumbers.requireSameShape(checkpoint.config());
        } catch (ModelInputException e) {
            throw e.in(folder);
        }
        AttentionSettings settings = attention.settings(common.configuration());
        Set<Feature> calls = EnumSet.of(Feature.GLOBAL_KEYS);
        try (AttentionRegistry registry = AttentionRegistry.discover(settings.plugins());
                LongformerModel model = load(folder);
                SelectedBackend backend =
                        BackendChooser.open(
                                registry,
                                settings,
                                AttentionNeeds.of(model.config(), calls, Device.Kind.CPU),
                                model.crew());
                ProgressLine progress = new ProgressLine("verify")) {
            List<GoldenComparison> results =
                    GoldenRun.run(model, PublishedNumbers.cases(), backend.backend(), progress);
            GoldenView view =
                    new GoldenView(
                            folder, backend.name(), results, model.maskedLmHead().isPresent());
            common.console().result(view.json(), view.text());
            return results.stream().allMatch(GoldenComparison::passed) ? 0 : 1;
        }
    }

    private static LongformerModel load(Path folder) {
        try (ProgressLine progress = new ProgressLine("load")) {
            return LongformerModel.open(folder, progress);
        }
    }
}
