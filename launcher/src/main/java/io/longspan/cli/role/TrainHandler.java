package io.longspan.cli.role;

import io.longspan.store.Store;
import io.longspan.store.work.WorkContext;
import io.longspan.store.work.WorkEnd;
import io.longspan.store.work.WorkHandler;
import io.longspan.store.work.WorkKind;
import io.longspan.store.work.WorkRow;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.run.TrainingOutcome;
import io.longspan.training.run.TrainingProgress;
import java.util.Locale;

/** Trains what a request of the queue asks for; its payload is the run's configuration. */
final class TrainHandler implements WorkHandler {
    private final TrainingJob job;

    TrainHandler(Store store, BackendChooser backends) {
        job = new TrainingJob(store, backends);
    }

    @Override
    public WorkKind kind() {
        return WorkKind.TRAIN;
    }

    @Override
    public WorkEnd run(WorkRow request, WorkContext context) {
        TrainingConfig config = TrainingConfig.parse(Json.map(request.payload()));
        TrainingJob.Result result = job.run(config, progress(context), context::stopRequested);
        TrainingOutcome outcome = result.outcome();
        return switch (outcome.state()) {
            case COMPLETED -> new WorkEnd.Done(Json.text(TrainingJob.summary(result)));
            case STOPPED -> new WorkEnd.Stopped(outcome.message());
            case FAILED -> new WorkEnd.Failed(outcome.message());
        };
    }

    private static TrainingProgress progress(WorkContext context) {
        return step ->
                context.progress(
                        step.step(),
                        step.total(),
                        String.format(
                                Locale.ROOT,
                                "loss %.3f, %,.0f tokens/s",
                                step.loss(),
                                step.tokensPerSecond()));
    }
}
