package io.longspan.training.run;

import io.longspan.training.metric.Evaluation;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where a run is written down while it happens. Called from the thread that trains, in order:
 * started once, metrics and checkpoints as they come, ended once, whatever happened. What a method
 * throws ends the run, so an implementation that may be away for a while has to keep what it hears.
 *
 * <p>A run that was killed goes on from its last checkpoint, so metrics of the steps after that
 * come again, with the same values but for the speed.
 */
public interface RunLog {
    /** The run begins or goes on. */
    void started(RunStart start);

    /**
     * A number of a step.
     *
     * @param step that it belongs to: 1 is the first, 0 stands before it
     * @param name {@code loss} (mean cross-entropy of the step's tokens to be guessed, natural log,
     *     or whatever the objective's loss is), {@code learning_rate}, {@code gradient_norm}
     *     (before clipping), {@code tokens_per_second}, {@code waiting_share} (of the time of the
     *     steps so far, spent waiting for data), {@code tokens_} before the name of a data set
     *     (read from it so far, where there are several), {@code held_out_loss}, or {@code
     *     held_out_} before a name of {@link Evaluation}
     */
    void metric(long step, String name, double value);

    /** All numbers of a step that are known at once. */
    default void metrics(long step, Map<String, Double> values) {
        values.forEach((name, value) -> metric(step, name, value));
    }

    /**
     * A checkpoint is about to appear: a run that is killed from now on may go on from it, and what
     * was heard so far does not come again.
     */
    default void checkpointComes(long step) {}

    /**
     * A checkpoint has appeared under its name. Comes again when a run goes on from it, for the
     * process that wrote it may have been killed before it could tell.
     *
     * @param digest of its weights' file, SHA-256 in hex
     */
    void checkpoint(long step, Path folder, String digest);

    /**
     * The run is over.
     *
     * @param message for people: what happened
     */
    void ended(RunState state, String message);

    /** Writes nothing down. */
    static RunLog none() {
        return new RunLog() {
            @Override
            public void started(RunStart start) {}

            @Override
            public void metric(long step, String name, double value) {}

            @Override
            public void checkpoint(long step, Path folder, String digest) {}

            @Override
            public void ended(RunState state, String message) {}
        };
    }
}
