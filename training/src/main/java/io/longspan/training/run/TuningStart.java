package io.longspan.training.run;

import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.convert.HeadStart;
import io.longspan.model.convert.TokenizerCopy;
import io.longspan.training.config.FineTuning;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.example.ExampleData;
import io.longspan.training.optim.MomentFile;
import io.longspan.training.optim.Plan;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fine-tuning begins: everything is read and checked, and then the model with its head becomes
 * the run's checkpoint of step 0, from which the run goes on as from any other.
 */
final class TuningStart {
    private static final Logger LOG = LoggerFactory.getLogger(TuningStart.class);

    private TuningStart() {}

    /**
     * Reads the examples.
     *
     * @param source the checkpoint to begin with, or the run's newest
     * @param resumes whether it is the run's own, whose head stays whatever the settings say
     * @throws ModelInputException naming the file, line or setting that cannot be used
     */
    static ExampleData read(
            TrainingConfig config, FineTuning tuning, Path source, boolean resumes) {
        try (Checkpoint checkpoint = CheckpointFiles.open(source)) {
            ExampleData data =
                    ExampleData.read(config, tuning, checkpoint, resumes || !tuning.freshHead());
            Plan.of(config, tuning, data.stepsPerEpoch());
            List<String> measured = data.task().measured();
            if (!measured.contains(config.looks().best().metric())) {
                throw new ModelInputException(
                        "training setting 'best_metric' is '"
                                + config.looks().best().metric()
                                + "'; this run measures "
                                + String.join(", ", measured));
            }
            return data;
        }
    }

    /** Writes the checkpoint of step 0 and says what was made of the model. */
    static Path write(TrainingConfig config, ExampleData data, RunFolder folder, RunPoint point) {
        FineTuning tuning = data.tuning();
        try (Checkpoint checkpoint = CheckpointFiles.open(config.model())) {
            return folder.write(
                    0,
                    made -> {
                        Path state = RunFolder.makeState(made);
                        TokenizerCopy.copy(
                                config.model(), made, checkpoint.config().usablePositions());
                        point.write(state);
                        MomentFile.writeNone(state);
                        HeadStart.Report report =
                                HeadStart.write(
                                        checkpoint,
                                        data.task().head(),
                                        config.seed(),
                                        !tuning.freshHead(),
                                        tuning.copyGlobals(),
                                        config.globalTokens(),
                                        made);
                        LOG.info(
                                "{} examples to learn from, {} held out, {}; the head is {}; {}",
                                data.training().size(),
                                data.heldOut().size(),
                                data.task().summary(),
                                report.freshHead() ? "new" : "the checkpoint's",
                                report.copiedGlobals() > 0
                                        ? "the global projections begin as the local ones (global_projections: keep leaves them)"
                                        : "the projections are the checkpoint's");
                    });
        }
    }
}
