package io.longspan.training;

import io.longspan.attention.Device;
import io.longspan.attention.Feature;
import io.longspan.attention.Support;
import io.longspan.attention.Workload;
import io.longspan.model.ModelInputException;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.config.DropoutRates;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.LongformerConfigJson;
import io.longspan.model.encoder.AttentionNeeds;
import io.longspan.model.gradient.Parameter;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.model.tokenizer.RobertaTokenizer;
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
 * Pretrains a masked language model. Thread-safe in that runs with different output folders may
 * happen at once; one run works in the thread that called.
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

    private static LongformerConfig configuration(Path model) {
        return LongformerConfigJson.read(model.resolve(CheckpointFiles.CONFIG));
    }

    private static List<Workload> needs(TrainingConfig config, LongformerConfig model) {
        Set<Feature> calls = EnumSet.of(Feature.GRADIENTS);
        if (config.globalTokens() != GlobalTokens.NONE) {
            calls.add(Feature.GLOBAL_KEYS);
        }
        DropoutRates dropout = config.dropout(model);
        if (dropout.attention() > 0) {
            calls.add(Feature.DROPOUT);
        }
        LongformerConfig trained =
                model.toBuilder().dropout(dropout.hidden(), dropout.attention()).build();
        return AttentionNeeds.of(trained, calls, Device.Kind.CPU);
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
            NavigableMap<String, String> binding = config.binding();
            binding.put("data_identity", request.data().identity());
            binding.put("data_tokens", Long.toString(request.data().tokens()));
            String backend = request.backendName() + " " + request.backendVersion();
            Path newest = folder.newest().orElse(null);
            RunPoint point =
                    newest == null
                            ? new RunPoint(0, null, null, backend, binding)
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
            DropoutRates dropout = config.dropout(configuration(source));
            try (TrainableModel model = TrainableModel.open(source, dropout, Progress.none());
                    AdamW optimiser = optimiser(config, model)) {
                requireSupport(request, model.config());
                DataCheck.length(config, model.config());
                DataCheck.vocabulary(request.data(), model.config());
                if (newest != null) {
                    MomentFile.read(optimiser, model.parameters(), newest.resolve(RunFolder.STATE));
                }
                Samples samples =
                        new Samples(
                                request.data(),
                                model.config(),
                                masking(config, model, source),
                                config);
                Blocks blocks = Blocks.of(request.data().tokens(), config);
                TrainingRun run =
                        new TrainingRun(
                                request, folder, model, optimiser, samples, blocks, log, progress,
                                stop, point, newest);
                return follow(run, start(request, model, point), log);
            }
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

    private static RunStart start(TrainingRequest request, TrainableModel model, RunPoint point) {
        return new RunStart(
                request.config().settings(),
                Fingerprint.of(point.settings()),
                request.backendName(),
                request.backendVersion(),
                request.data().identity(),
                model.parameters().stream().mapToLong(Parameter::elements).sum(),
                point.step());
    }

    private static AdamW optimiser(TrainingConfig config, TrainableModel model) {
        return new AdamW(
                model.parameters(),
                config.beta1(),
                config.beta2(),
                config.epsilon(),
                config.weightDecay());
    }

    private static Masking masking(TrainingConfig config, TrainableModel model, Path source) {
        int vocabulary = model.config().vocabSize();
        int mask = config.maskTokenId() >= 0 ? config.maskTokenId() : tokenizerMask(source);
        if (mask >= vocabulary) {
            throw new ModelInputException(
                    "the mask token's id is "
                            + mask
                            + " and the model knows 0 to "
                            + (vocabulary - 1)
                            + "; put the model's own tokenizer beside it or set 'mask_token_id'");
        }
        return new Masking(
                config.seed(),
                config.maskShare(),
                config.maskTokenShare(),
                config.randomTokenShare(),
                mask,
                vocabulary);
    }

    private static int tokenizerMask(Path model) {
        try (RobertaTokenizer tokenizer = RobertaTokenizer.open(model)) {
            return tokenizer.special().mask();
        } catch (ModelInputException e) {
            throw new ModelInputException(
                    "the id of the mask token is not known, for there is no tokenizer to ask ("
                            + e.getMessage()
                            + "); put one into the model's folder or set 'mask_token_id'",
                    e);
        }
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
