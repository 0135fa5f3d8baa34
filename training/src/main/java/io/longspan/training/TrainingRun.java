package io.longspan.training;

import io.longspan.model.Progress;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.convert.TokenizerCopy;
import io.longspan.model.encoder.DropoutDraw;
import io.longspan.model.gradient.MaskedBatch;
import io.longspan.model.gradient.TrainableModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run from where it stands to its end. Used once. */
final class TrainingRun {
    private static final double NORM_MARGIN = 1e-6;

    private final TrainingRequest request;
    private final TrainingConfig config;
    private final RunFolder folder;
    private final TrainableModel model;
    private final AdamW optimiser;
    private final Samples samples;
    private final Blocks blocks;
    private final RunLog log;
    private final TrainingProgress progress;
    private final BooleanSupplier stop;
    private final RunPoint begin;
    private final Schedule schedule;
    private final List<MaskedBatch> heldOut;
    private final boolean dropping;

    private long step;
    private @Nullable Double firstLoss;
    private @Nullable Double lastLoss;
    private @Nullable Path checkpoint;

    TrainingRun(
            TrainingRequest request,
            RunFolder folder,
            TrainableModel model,
            AdamW optimiser,
            Samples samples,
            Blocks blocks,
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
        this.samples = samples;
        this.blocks = blocks;
        this.log = log;
        this.progress = progress;
        this.stop = stop;
        this.begin = begin;
        this.checkpoint = checkpoint;
        schedule = Schedule.of(config);
        step = begin.step();
        firstLoss = begin.firstLoss();
        lastLoss = begin.lastLoss();
        heldOut =
                samples
                        .batches(Masking.HELD_OUT, blocks.heldOut(config.evaluationBlocks()))
                        .stream()
                        .map(Samples.Sample::batch)
                        .toList();
        dropping = config.dropout(model.config()).any();
    }

    TrainingOutcome go() {
        if (step == 0) {
            lookAtHeldOut();
            firstLoss = lastLoss;
        }
        while (step < config.steps()) {
            if (stop.getAsBoolean()) {
                save();
                return outcome(
                        RunState.STOPPED,
                        "stopped on request after step " + step + " of " + config.steps());
            }
            String fault = advance();
            if (fault != null) {
                return outcome(RunState.FAILED, fault);
            }
            boolean last = step == config.steps();
            if (last || due(config.evaluationEvery())) {
                lookAtHeldOut();
            }
            if (last || due(config.checkpointEvery())) {
                save();
            }
        }
        return outcome(RunState.COMPLETED, "all " + step + " steps are done");
    }

    private boolean due(int every) {
        return every > 0 && step % every == 0;
    }

    /** Makes one step; what went wrong, or null. */
    private @Nullable String advance() {
        long before = System.nanoTime();
        model.zeroGradients();
        List<Samples.Sample> batches = samples.batches(step, stepBlocks());
        int guesses = batches.stream().mapToInt(sample -> sample.batch().guesses()).sum();
        double sum = 0;
        for (Samples.Sample sample : batches) {
            sum +=
                    model.lossAndGradients(
                            sample.batch(),
                            request.backend(),
                            1f / guesses,
                            config.activations(),
                            dropping
                                    ? new DropoutDraw(config.seed(), step, sample.blocks())
                                    : null);
        }
        double loss = sum / guesses;
        double norm = optimiser.gradientNorm();
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            return fault(loss, norm, guesses);
        }
        double rate = schedule.rate(step);
        double limit = config.clipNorm();
        optimiser.step(rate, limit == 0 ? 1 : Math.min(1, limit / (norm + NORM_MARGIN)));
        step++;
        double speed = config.tokensPerStep() / ((System.nanoTime() - before) / 1e9);
        log.metric(step, "loss", loss);
        log.metric(step, "learning_rate", rate);
        log.metric(step, "gradient_norm", norm);
        log.metric(step, "tokens_per_second", speed);
        progress.step(new TrainingProgress.Step(step, config.steps(), loss, rate, speed, tokens()));
        return null;
    }

    private String fault(double loss, double norm, int guesses) {
        String kept =
                checkpoint == null
                        ? "there is no checkpoint yet"
                        : "the last good checkpoint is '" + checkpoint + "'";
        return guesses == 0
                ? String.format(
                        Locale.ROOT,
                        "step %d has no token to guess; raise tokens_per_step or mask_share; %s",
                        step + 1,
                        kept)
                : String.format(
                        Locale.ROOT,
                        "step %d has loss %s and gradient norm %s, which must be finite; lower learning_rate or clip_norm; %s",
                        step + 1,
                        loss,
                        norm,
                        kept);
    }

    private int[] stepBlocks() {
        int[] wanted = new int[config.sequencesPerStep()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = blocks.sample(step * wanted.length + i);
        }
        return wanted;
    }

    private void lookAtHeldOut() {
        if (heldOut.isEmpty()) {
            return;
        }
        double sum = 0;
        long guesses = 0;
        for (MaskedBatch batch : heldOut) {
            sum += model.loss(batch, request.backend());
            guesses += batch.guesses();
        }
        lastLoss = sum / guesses;
        log.metric(step, "held_out_loss", lastLoss);
        progress.heldOut(step, lastLoss);
    }

    private void save() {
        if (checkpoint != null && step == begin.step()) {
            return;
        }
        Path before = checkpoint;
        checkpoint =
                folder.write(
                        step,
                        made -> {
                            Path state = made.resolve(RunFolder.STATE);
                            try {
                                Files.createDirectory(state);
                            } catch (IOException e) {
                                throw new UncheckedIOException("'" + state + "' cannot be made", e);
                            }
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
                                            begin.settings())
                                    .write(state);
                            MomentFile.write(optimiser, model.parameters(), state);
                            CheckpointFiles.write(
                                    made, model.config(), model.tensors(), Progress.none());
                        });
        log.checkpoint(
                step, checkpoint, Fingerprint.of(checkpoint.resolve(CheckpointFiles.WEIGHTS)));
        folder.keep(config.keepCheckpoints());
    }

    private long tokens() {
        return step * config.tokensPerStep();
    }

    private TrainingOutcome outcome(RunState state, String message) {
        return new TrainingOutcome(state, message, step, firstLoss, lastLoss, tokens(), checkpoint);
    }
}
