package io.longspan.cli.term;

import io.longspan.training.metric.Evaluation;
import io.longspan.training.run.TrainingProgress;
import java.util.Locale;

/** A progress bar of a training run: steps, loss, speed. */
public final class TrainingBar implements TrainingProgress, AutoCloseable {
    private final ProgressLine line;
    private String heldOut = "";

    /** A bar with a name in front. */
    public TrainingBar(String task) {
        line = new ProgressLine(task);
    }

    @Override
    public void step(Step step) {
        line.advance(
                String.format(
                        Locale.ROOT,
                        "loss %.3f%s, %,.0f tokens/s",
                        step.loss(),
                        heldOut,
                        step.tokensPerSecond()),
                step.step(),
                step.total());
    }

    @Override
    public void heldOut(long step, Evaluation evaluation) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, ", held out %.3f", evaluation.loss()));
        evaluation
                .metrics()
                .forEach((name, value) ->
                        text.append(String.format(Locale.ROOT, " %s %.3f", name, value)));
        heldOut = text.toString();
    }

    @Override
    public void close() {
        line.close();
    }
}
