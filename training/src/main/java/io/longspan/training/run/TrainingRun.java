package io.longspan.training.run;

import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.convert.TokenizerCopy;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.gradient.TrainableModel;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.Fingerprint;
import io.longspan.training.metric.Evaluation;
import io.longspan.training.objective.Feed;
import io.longspan.training.objective.ReadSoFar;
import io.longspan.training.optim.AdamW;
import io.longspan.training.optim.MomentFile;
import io.longspan.training.optim.Plan;
import io.longspan.training.optim.Schedule;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run from where it stands to its end. Used once. */
final class TrainingRun {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    private static final double NORM_MARGIN = 1e-6;
    private static final int MOST_ORIGINS = 600;

    private final TrainingRequest request;
    private final TrainingConfig config;
    private final RunFolder folder;
    private final TrainableModel model;
    private final AdamW optimiser;
    private final Feed feed;
    private final Plan plan;
    private final RunLog log;
    private final TrainingProgress progress;
    private final BooleanSupplier stop;
    private final RunPoint begin;
    private final Schedule schedule;
    private final boolean dropping;

    private @Nullable Prefetch ahead;
    private long step;
    private ReadSoFar read;
    private long stepping;
    private BestSoFar best;
    private @Nullable Double firstLoss;
    private @Nullable Double lastLoss;
    private @Nullable Path checkpoint;

    TrainingRun(
            TrainingRequest request,
            Plan plan,
            RunFolder folder,
            TrainableModel model,
            AdamW optimiser,
            Feed feed,
            RunLog log,
            TrainingProgress progress,
            BooleanSupplier stop,
            RunPoint begin,
            @Nullable Path checkpoint) {
        this.request = request;
        config = request.config();
        this.folder = folder;
        this.model = model;
        this.optimiser = optimiser;
        this.feed = feed;
        this.plan = plan;
        this.log = log;
        this.progress = progress;
        this.stop = stop;
        this.begin = begin;
        this.checkpoint = checkpoint;
        schedule = Schedule.of(config, plan);
        step = begin.step();
        firstLoss = begin.firstLoss();
        lastLoss = begin.lastLoss();
        best = begin.best();
        read = readBefore(begin);
        feed.goOn(step, read);
        dropping = config.dropout(model.config()).any();
    }

    /** A checkpoint of an older version does not say: its steps are gone through. */
    private ReadSoFar readBefore(RunPoint point) {
        ReadSoFar known = point.read();
        if (known != null) {
            return known;
        }
        ReadSoFar counted = ReadSoFar.NOTHING;
        for (long done = 0; done < step; done++) {
            counted = counted.and(feed.read(done));
        }
        return counted;
    }

    TrainingOutcome go() {
        try (Prefetch prefetch = new Prefetch(feed::step, plan.steps())) {
            ahead = prefetch;
            TrainingOutcome outcome = steps();
            LOG.info(
                    "{} % of the time of the steps was spent waiting for data",
                    String.format(Locale.ROOT, "%.2f", 100 * waitingShare()));
            return outcome;
        }
    }

    private TrainingOutcome steps() {
        if (step > 0 && checkpoint != null) {
            tell(checkpoint);
        }
        if (step < plan.steps()) {
            Feed.Step first = Objects.requireNonNull(ahead).begin(step);
            RunEstimate.of(config, model, first, request.backend(), plan.steps() - step).log();
        }
        if (step == 0) {
            lookAtHeldOut();
            firstLoss = lastLoss;
        }
        while (step < plan.steps() && !exhausted()) {
            if (stop.getAsBoolean()) {
                String unwritten = save();
                return unwritten == null
                        ? outcome(
                                RunState.STOPPED,
                                "stopped on request after step " + step + " of " + plan.steps())
                        : outcome(RunState.FAILED, unwritten);
            }
            String fault = advance();
            if (fault != null) {
                return outcome(RunState.FAILED, fault);
            }
            boolean better = false;
            if (step == plan.steps() || due(plan.evaluationEvery())) {
                better = lookAtHeldOut() && config.looks().best().keep();
            }
            if (step == plan.steps()
                    || exhausted()
                    || better
                    || due(config.looks().checkpointEvery())) {
                String unwritten = save();
                if (unwritten != null) {
                    return outcome(RunState.FAILED, unwritten);
                }
            }
        }
        return outcome(
                RunState.COMPLETED,
                step == plan.steps()
                        ? "all " + step + " steps are done"
                        : "ended early after step "
                                + step
                                + " of "
                                + plan.steps()
                                + ": "
                                + best.since()
                                + " measurements of "
                                + config.looks().best().metric()
                                + " in a row were not better than that of step "
                                + best.step());
    }

    /** Whether the measurements have not become better for too long. */
    private boolean exhausted() {
        return config.looks().best().patience() > 0
                && best.since() >= config.looks().best().patience();
    }

    private boolean due(int every) {
        return every > 0 && step % every == 0;
    }

    /** Makes one step; what went wrong, or null. */
    private @Nullable String advance() {
        long before = System.nanoTime();
        model.zeroGradients();
        Feed.Step taken = Objects.requireNonNull(ahead).take(step);
        List<Feed.Sample> batches = taken.batches();
        int guesses = batches.stream().mapToInt(sample -> sample.batch().labels().terms()).sum();
        double sum = 0;
        List<Feed.Sample> broken = new ArrayList<>();
        for (Feed.Sample sample : batches) {
            double part =
                    model.lossAndGradients(
                            sample.batch(),
                            request.backend(),
                            1f / guesses,
                            config.computing().activations(),
                            dropping
                                    ? new DropoutDraw(config.seed(), step, sample.samples())
                                    : null);
            sum += part;
            if (!Double.isFinite(part)) {
                broken.add(sample);
            }
        }
        double loss = sum / guesses;
        double norm = optimiser.gradientNorm();
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            return fault(loss, norm, guesses, broken.isEmpty() ? batches : broken);
        }
        double rate = schedule.rate(step);
        double limit = config.optimizer().clipNorm();
        optimiser.step(rate, limit == 0 ? 1 : Math.min(1, limit / (norm + NORM_MARGIN)));
        read = read.and(taken.read());
        step++;
        long nanos = System.nanoTime() - before;
        stepping += nanos;
        double speed = taken.read().tokens() / (nanos / 1e9);
        Map<String, Double> numbers = new TreeMap<>();
        numbers.put("loss", loss);
        numbers.put("learning_rate", rate);
        numbers.put("gradient_norm", norm);
        numbers.put("tokens_per_second", speed);
        numbers.put("waiting_share", waitingShare());
        read.bySource()
                .forEach((source, part) -> numbers.put("tokens_" + source, part.doubleValue()));
        log.metrics(step, numbers);
        progress.step(
                new TrainingProgress.Step(step, plan.steps(), loss, rate, speed, read.tokens()));
        return null;
    }

    /** The share of the time of the steps so far that was spent waiting for their batches. */
    private double waitingShare() {
        Prefetch prefetch = ahead;
        return prefetch == null || stepping == 0 ? 0 : (double) prefetch.waited() / stepping;
    }

    private String fault(double loss, double norm, int guesses, List<Feed.Sample> batches) {
        String kept =
                checkpoint == null
                        ? "there is no checkpoint yet"
                        : "the last good checkpoint is '" + checkpoint + "'";
        return guesses == 0
                ? String.format(
                        Locale.ROOT, "step %d %s; %s", step + 1, feed.emptyStepAdvice(), kept)
                : String.format(
                        Locale.ROOT,
                        "step %d has loss %s and gradient norm %s, which must be finite; lower learning_rate or clip_norm, or look at what was read (%s); %s",
                        step + 1,
                        loss,
                        norm,
                        shortened(
                                batches.stream()
                                        .map(feed::origin)
                                        .collect(Collectors.joining("; "))),
                        kept);
    }

    private static String shortened(String origins) {
        return origins.length() <= MOST_ORIGINS
                ? origins
                : origins.substring(0, MOST_ORIGINS) + "...";
    }

    /** Measures; whether it was better than ever before. */
    private boolean lookAtHeldOut() {
        Evaluation measured = feed.evaluate(model, request.backend());
        if (measured == null) {
            return false;
        }
        lastLoss = measured.loss();
        Map<String, Double> numbers = new TreeMap<>();
        measured.all()
                .forEach((name, value) -> {
                    if (Double.isFinite(value) || name.equals(Evaluation.LOSS)) {
                        numbers.put("held_out_" + name, value);
                    }
                });
        log.metrics(step, numbers);
        progress.heldOut(step, measured);
        best = best.with(config.looks().best(), config.looks().best().value(measured), step);
        return best.step() == step;
    }

    /** Writes a checkpoint; why that failed, or null. */
    private @Nullable String save() {
        if (checkpoint != null && step == begin.step()) {
            return null;
        }
        log.checkpointComes(step);
        try {
            checkpoint = write(checkpoint);
        } catch (UncheckedIOException e) {
            LOG.error("the checkpoint of step {} cannot be written", step, e);
            return unwritten(e);
        }
        tell(checkpoint);
        folder.keep(config.looks().keepCheckpoints(), bestFolder());
        return null;
    }

    private void tell(Path written) {
        log.checkpoint(step, written, Fingerprint.of(written.resolve(CheckpointFiles.WEIGHTS)));
    }

    private String unwritten(UncheckedIOException e) {
        return String.format(
                Locale.ROOT,
                "the checkpoint of step %d cannot be written (%s: %s); make room on the disk or lower keep_checkpoints, and start the run again: %s",
                step,
                e.getMessage(),
                Objects.requireNonNull(e.getCause()).getMessage(),
                checkpoint == null
                        ? "it begins anew, for there is no checkpoint yet"
                        : "it goes on from '" + checkpoint + "'");
    }

    private Path write(@Nullable Path before) {
        return folder.write(
                step,
                made -> {
                    Path state = RunFolder.makeState(made);
                    // The newest checkpoint has the files too, and may outlive the model.
                    TokenizerCopy.copy(
                            before == null ? config.model() : before,
                            made,
                            model.config().usablePositions());
                    new RunPoint(
                                    step,
                                    firstLoss,
                                    lastLoss,
                                    begin.backend(),
                                    model.computedBy(request.backend()),
                                    best,
                                    read,
                                    begin.settings())
                            .write(state);
                    MomentFile.write(optimiser, model.parameters(), state);
                    CheckpointFiles.write(made, model.config(), model.tensors(), Progress.none());
                });
    }

    private @Nullable Path bestFolder() {
        Path path = folder.at(best.step());
        return config.looks().best().keep() && Files.isDirectory(path) ? path : null;
    }

    private TrainingOutcome outcome(RunState state, String message) {
        return new TrainingOutcome(
                state,
                message,
                step,
                firstLoss,
                lastLoss,
                read.tokens(),
                checkpoint,
                bestFolder(),
                waitingShare());
    }
}
