package io.longspan.training.run;

import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;
import io.longspan.model.ModelInputException;
import io.longspan.model.NewFolder;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.encoder.TrainingKernels;
import io.longspan.model.gradient.Parameter;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.head.TaskSetup;
import io.longspan.training.config.FineTuning;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.DataCheck;
import io.longspan.training.data.Fingerprint;
import io.longspan.training.data.TokenSource;
import io.longspan.training.example.ExampleData;
import io.longspan.training.objective.ExampleFeed;
import io.longspan.training.objective.Feed;
import io.longspan.training.objective.Feeds;
import io.longspan.training.optim.AdamW;
import io.longspan.training.optim.MomentFile;
import io.longspan.training.optim.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pretrains a masked language model, or fine-tunes a classifier. Thread-safe in that runs with
 * different output folders may happen at once; one run works in the thread that called.
 */
public final class Trainer {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private Trainer() {}

    /**
     * What a run asks of an attention backend, for selection: every layer of the model with
     * gradients.
     *
     * @throws ModelInputException when the model's configuration cannot be read
     */
    public static List<Workload> needs(TrainingConfig config) {
        return needs(config, configuration(config.model()));
    }

    /** The same without gradients and dropout. */
    static List<Workload> needsToMeasure(TrainingConfig config) {
        LongformerConfig model = configuration(config.model());
        return AttentionNeeds.of(model, globalCalls(config, model), Device.Kind.CPU);
    }

    private static Set<Feature> globalCalls(TrainingConfig config, LongformerConfig model) {
        return globals(config, model) == GlobalPolicy.Named.NONE
                ? EnumSet.noneOf(Feature.class)
                : EnumSet.of(Feature.GLOBAL_KEYS);
    }

    private static LongformerConfig configuration(Path model) {
        return LongformerConfigJson.read(model.resolve(CheckpointFiles.CONFIG));
    }

    private static List<Workload> needs(TrainingConfig config, LongformerConfig model) {
        Set<Feature> calls = globalCalls(config, model);
        calls.add(Feature.GRADIENTS);
        DropoutRates dropout = config.dropout(model);
        if (dropout.attention() > 0) {
            calls.add(Feature.DROPOUT);
        }
        LongformerConfig trained =
                model.toBuilder().dropout(dropout.hidden(), dropout.attention()).build();
        return AttentionNeeds.of(trained, calls, Device.Kind.CPU);
    }

    /** The run's rule for global tokens, or else the checkpoint's. */
    private static GlobalPolicy globals(TrainingConfig config, LongformerConfig model) {
        GlobalPolicy wanted = config.globalTokens();
        return wanted == null ? TaskSetup.globals(model, config.objective().task()) : wanted;
    }

    /**
     * Runs, or goes on from the newest checkpoint in the output folder.
     *
     * @param log hears everything; from {@link RunLog#started} on {@link RunLog#ended} is sure to
     *     follow
     * @param progress hears of each step
     * @param stop asked between two steps: when true, a checkpoint is written and the run ends as
     *     {@link RunState#STOPPED}
     * @return how it ended; {@link RunState#FAILED} when the loss was no finite number
     * @throws ModelInputException before anything is started, naming the setting, checkpoint or
     *     data that cannot be used
     */
    public static TrainingOutcome run(
            TrainingRequest request, RunLog log, TrainingProgress progress, BooleanSupplier stop) {
        TrainingConfig config = request.config();
        try (RunFolder folder = RunFolder.open(config.output())) {
            NavigableMap<String, String> binding = binding(request);
            String backend = request.backendName() + " " + request.backendVersion();
            Path newest = folder.newest().orElse(null);
            RunPoint point =
                    newest == null
                            ? RunPoint.begin(backend, binding)
                            : RunPoint.read(newest.resolve(RunFolder.STATE));
            refuseOthers(config.output(), point.settings(), binding);
            if (!point.backend().equals(backend)) {
                LOG.warn(
                        "the run in '{}' was computed by {} and goes on with {}; its numbers will be close, not equal",
                        config.output(),
                        point.backend(),
                        backend);
            }
            Path source = newest == null ? config.model() : newest;
            LongformerConfig read = configuration(source);
            DataCheck.length(config, read);
            requireSupport(request, read);
            FineTuning tuning = config.tuning();
            ExampleData examples = null;
            Path fresh = null;
            if (tuning != null) {
                examples = TuningStart.read(config, tuning, source, newest != null);
                if (newest == null) {
                    fresh = TuningStart.write(config, examples, folder, point);
                    newest = fresh;
                    source = fresh;
                }
            }
            try (TrainableModel model =
                            TrainableModel.open(
                                    source,
                                    null,
                                    config.dropout(read),
                                    config.computing().kernels(request.crew()),
                                    Progress.none());
                    AdamW optimiser = optimiser(config, model)) {
                requireTask(config, source, model.setup().task());
                sayOtherKernels(config.output(), point, model.computedBy(request.backend()));
                if (newest != null) {
                    MomentFile.read(optimiser, model.parameters(), newest.resolve(RunFolder.STATE));
                }
                TaskSetup setup = model.setup().withGlobals(globals(config, model.config()));
                Feed feed =
                        examples == null
                                ? Feeds.stream(config, request.tokens(), setup, source)
                                : new ExampleFeed(config, setup, examples);
                Plan plan =
                        tuning == null || examples == null
                                ? Plan.of(config)
                                : Plan.of(config, tuning, examples.stepsPerEpoch());
                TrainingRun run =
                        new TrainingRun(
                                request, plan, folder, model, optimiser, feed, log, progress, stop,
                                point, newest);
                return follow(run, start(request, plan, model, point), log);
            } catch (ModelInputException e) {
                // A refused run leaves the folder free for one with other settings.
                if (fresh != null && folder.newest().filter(fresh::equals).isPresent()) {
                    NewFolder.remove(fresh);
                }
                throw e;
            }
        }
    }

    private static void sayOtherKernels(Path output, RunPoint point, String now) {
        String before = Objects.requireNonNullElse(point.computedBy(), TrainingKernels.ENGINE);
        if (point.step() > 0 && !before.equals(now)) {
            LOG.warn(
                    "the layers of the run in '{}' were computed by {} and go on with {}; its numbers will be close, not equal",
                    output,
                    before,
                    now);
        }
    }

    private static NavigableMap<String, String> binding(TrainingRequest request) {
        NavigableMap<String, String> binding = request.config().binding();
        FineTuning tuning = request.config().tuning();
        if (tuning != null) {
            ExampleData.bind(tuning, binding);
        } else {
            List<TokenSource> data = request.tokens();
            List<String> identities = data.stream().map(TokenSource::identity).toList();
            binding.put(
                    "data_identity",
                    data.size() == 1
                            ? identities.getFirst()
                            : Fingerprint.of(String.join("\n", identities)));
            binding.put(
                    "data_tokens",
                    Long.toString(data.stream().mapToLong(TokenSource::tokens).sum()));
        }
        return binding;
    }

    private static void requireTask(TrainingConfig config, Path source, Task task) {
        if (task != config.objective().task()) {
            throw new ModelInputException(
                    "'"
                            + source
                            + "' is a "
                            + task.key()
                            + " checkpoint; the objective is "
                            + config.objective().key()
                            + ", so name a "
                            + config.objective().task().key()
                            + " checkpoint");
        }
    }

    private static void requireSupport(TrainingRequest request, LongformerConfig model) {
        for (Workload workload : needs(request.config(), model)) {
            if (request.backend().supports(workload)
                    instanceof Support.Unsupported(List<String> reasons)) {
                throw new ModelInputException(
                        "attention backend '"
                                + request.backendName()
                                + "' cannot train this model: it "
                                + String.join("; ", reasons)
                                + "; choose another backend");
            }
        }
    }

    private static TrainingOutcome follow(TrainingRun run, RunStart start, RunLog log) {
        log.started(start);
        TrainingOutcome outcome;
        try {
            outcome = run.go();
        } catch (RuntimeException | Error e) {
            try {
                log.ended(RunState.FAILED, String.valueOf(e.getMessage()));
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        log.ended(outcome.state(), outcome.message());
        return outcome;
    }

    private static RunStart start(
            TrainingRequest request, Plan plan, TrainableModel model, RunPoint point) {
        return new RunStart(
                request.config().settings(),
                Fingerprint.of(point.settings()),
                request.backendName(),
                request.backendVersion(),
                identity(point),
                model.parameters().stream().mapToLong(Parameter::elements).sum(),
                point.step(),
                plan.steps());
    }

    private static String identity(RunPoint point) {
        String data = point.settings().get("data_identity");
        return data == null ? point.settings().getOrDefault("train_digest", "") : data;
    }

    private static AdamW optimiser(TrainingConfig config, TrainableModel model) {
        List<Parameter> moved = config.weights().of(model.parameters());
        model.trainOnly(moved);
        return new AdamW(
                moved,
                config.optimizer().beta1(),
                config.optimizer().beta2(),
                config.optimizer().epsilon(),
                config.optimizer().weightDecay());
    }

    private static void refuseOthers(
            Path output, NavigableMap<String, String> there, NavigableMap<String, String> here) {
        List<String> differences = new ArrayList<>();
        TreeSet<String> keys = new TreeSet<>(there.keySet());
        keys.addAll(here.keySet());
        for (String key : keys) {
            String before = Objects.requireNonNullElse(there.get(key), "not set");
            String now = Objects.requireNonNullElse(here.get(key), "not set");
            if (!before.equals(now)) {
                differences.add(key + " was " + before + " and is " + now);
            }
        }
        if (!differences.isEmpty()) {
            throw new ModelInputException(
                    "'"
                            + output
                            + "' holds a run of another configuration ("
                            + String.join(", ", differences)
                            + "); name another output folder, or go on with the old configuration");
        }
    }
}
