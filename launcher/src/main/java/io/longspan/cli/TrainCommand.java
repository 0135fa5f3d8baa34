package io.longspan.cli;

import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.registry.SelectedBackend;
import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.role.BackendChooser;
import io.longspan.cli.role.Json;
import io.longspan.cli.role.TrainingJob;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.TrainingBar;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.store.Store;
import io.longspan.store.run.RunRow;
import io.longspan.store.work.WorkKind;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.run.FixtureTraining;
import io.longspan.training.run.RunState;
import io.longspan.training.run.Stages;
import io.longspan.training.run.TrainingOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains a model. */
@Command(
        name = "train",
        description = {
            "Train a model as a YAML file says: in this process, or with --queue by a worker.",
            "Started again with the same file it goes on from its last checkpoint. Ctrl-C writes a checkpoint first.",
            "Least of all the file holds: model (checkpoint folder), data (data set folder), output (folder), steps.",
            "To fine-tune: objective (classification, question-answering, token-classification, multiple-choice), model, output, epochs, and train (examples).",
            "Under 'stages' it lists runs that follow each other. The folder recipes holds examples."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[resume|evaluate]",
        footer = {"", "Example: longspan train pretrain.yaml", "         longspan train resume 3"},
        subcommands = {TrainCommand.Resume.class, EvaluateCommand.class})
final class TrainCommand implements Callable<Integer> {
    private static final int FAILURE = 1;

    @Mixin private CommonOptions common;
    @Mixin private AttentionOptions attention;

    @Parameters(
            arity = "0..1",
            paramLabel = "CONFIG",
            description = "YAML file with the run's settings.")
    private @Nullable Path file;

    @Option(names = "--queue", description = "Hand the run to a worker instead of running it here.")
    private boolean queue;

    @Option(
            names = "--fixture",
            paramLabel = "DIR",
            description =
                    "Instead of a run: train the checkpoint of a folder on its one batch with the optimiser settings of its losses.json, and print the losses.")
    private @Nullable Path fixture;

    @Override
    public Integer call() throws IOException {
        if (fixture != null) {
            if (file != null || queue) {
                throw new UsageException("--fixture stands alone; leave CONFIG and --queue out");
            }
            return fixture(fixture);
        }
        if (file == null) {
            throw new UsageException(
                    "name the YAML file of the run, or --fixture DIR; 'longspan train --help' has an example");
        }
        Map<String, Object> settings = TrainingFile.read(file);
        if (settings.containsKey(Stages.KEY)) {
            if (queue) {
                throw new UsageException(
                        "a file with 'stages' is run here; leave --queue out, or make a file of each stage");
            }
            return staged(Stages.parse(settings));
        }
        TrainingConfig config = TrainingConfig.parse(settings);
        return queue ? enqueue(common, config) : run(common, attention, config);
    }

    private int staged(Stages stages) throws IOException {
        Configuration configuration = common.configuration();
        try (Lifetime lifetime = new Lifetime();
                Store store = StoreAccess.open(configuration);
                BackendChooser backends = new BackendChooser(attention.settings(configuration))) {
            TrainingOutcome last =
                    stages.run(config -> {
                        try (TrainingBar bar =
                                new TrainingBar(String.valueOf(config.output().getFileName()))) {
                            TrainingJob.Result result =
                                    new TrainingJob(store, backends)
                                            .run(config, bar, lifetime::ending);
                            print(common.console(), result);
                            return result.outcome();
                        }
                    });
            return last.state() == RunState.FAILED ? FAILURE : 0;
        }
    }

    private int fixture(Path folder) {
        Configuration configuration = common.configuration();
        try (BackendChooser backends = new BackendChooser(attention.settings(configuration));
                Checkpoint checkpoint = CheckpointFiles.open(folder);
                SelectedBackend backend =
                        backends.open(
                                AttentionNeeds.of(
                                        checkpoint.config(),
                                        EnumSet.of(
                                                Feature.GRADIENTS,
                                                Feature.MASKED_TOKENS,
                                                Feature.GLOBAL_KEYS),
                                        Device.Kind.CPU))) {
            List<Double> losses = FixtureTraining.run(folder, backend.backend());
            common.console()
                    .line(
                            Map.of("losses", losses),
                            losses.stream()
                                    .map(loss -> String.format(Locale.ROOT, "%.6f", loss))
                                    .collect(Collectors.joining("\n")));
            return 0;
        }
    }

    /** Goes on with a run that was stopped, killed or failed. */
    @Command(
            name = "resume",
            description = "Go on with a run from its last checkpoint.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan train resume 3"})
    static final class Resume implements Callable<Integer> {
        @Mixin private CommonOptions common;
        @Mixin private AttentionOptions attention;

        @Parameters(paramLabel = "RUN", description = "Number of the run.")
        private long id;

        @Option(names = "--queue", description = "Hand the run to a worker.")
        private boolean queue;

        @Override
        public Integer call() throws IOException {
            TrainingConfig config;
            try (Store store = StoreAccess.open(common.configuration())) {
                RunRow row =
                        store.runs()
                                .find(id)
                                .orElseThrow(() ->
                                        new UsageException(
                                                "run "
                                                        + id
                                                        + " is not known; 'longspan runs list' shows the known ones"));
                config = TrainingConfig.parse(Json.map(row.config()));
            }
            return queue ? enqueue(common, config) : run(common, attention, config);
        }
    }

    private static int enqueue(CommonOptions common, TrainingConfig config) throws IOException {
        try (Store store = StoreAccess.open(common.configuration())) {
            WorkSubmission.submit(
                    store,
                    WorkKind.TRAIN,
                    "train " + config.output().getFileName(),
                    Json.text(config.settings()),
                    common.console());
            return 0;
        }
    }

    private static int run(CommonOptions common, AttentionOptions attention, TrainingConfig config)
            throws IOException {
        Console console = common.console();
        Configuration configuration = common.configuration();
        try (Lifetime lifetime = new Lifetime();
                Store store = StoreAccess.open(configuration);
                BackendChooser backends = new BackendChooser(attention.settings(configuration))) {
            TrainingJob.Result result;
            try (TrainingBar bar = new TrainingBar("train")) {
                result = new TrainingJob(store, backends).run(config, bar, lifetime::ending);
            }
            print(console, result);
            return result.outcome().state() == RunState.FAILED ? FAILURE : 0;
        }
    }

    private static String loss(@Nullable Double loss) {
        return loss == null ? "not measured" : String.format(Locale.ROOT, "%.4f", loss);
    }

    private static void print(Console console, TrainingJob.Result result) {
        console.line(
                TrainingJob.summary(result),
                String.format(
                        Locale.ROOT,
                        "%s%s: %s%nheld-out loss %s -> %s, %,d tokens, %s attention, %.2f %% of the steps' time waiting for data%ncheckpoint %s",
                        result.run().isPresent() ? "run " + result.run().getAsLong() + " " : "",
                        result.outcome().state(),
                        result.outcome().message(),
                        loss(result.outcome().firstLoss()),
                        loss(result.outcome().lastLoss()),
                        result.outcome().tokens(),
                        result.backend(),
                        100 * result.outcome().waitingShare(),
                        result.outcome().checkpoint()));
    }
}
