package io.longspan.cli.role;

import io.longspan.store.run.Metric;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.Runs;
import io.longspan.training.run.RunLog;
import io.longspan.training.run.RunStart;
import io.longspan.training.run.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Writes a run into the store while it happens. While the database is away it keeps what it hears
 * and tries again with the next thing, at most once a second; at the end it waits for a while. For
 * the one thread that trains.
 */
final class StoreRunLog implements RunLog {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRunLog.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What has to be told to the store; given the run's key, it returns the run's key. */
    private final Deque<UnaryOperator<OptionalLong>> waiting = new ArrayDeque<>();

    private final Runs runs;
    private final UnaryOperator<NewRun> known;
    private OptionalLong run = OptionalLong.empty();
    private Instant nextTry = Instant.MIN;

    /**
     * A log over the store.
     *
     * @param known what is known of the run before it starts; the start fills in the rest
     */
    StoreRunLog(Runs runs, UnaryOperator<NewRun> known) {
        this.runs = runs;
        this.known = known;
    }

    /** The key of the run, once the store has given one. */
    OptionalLong run() {
        return run;
    }

    @Override
    public void started(RunStart start) {
        NewRun begun =
                known.apply(
                        new NewRun(
                                "",
                                start.config().getOrDefault("objective", ""),
                                Json.text(start.config()),
                                start.config().getOrDefault("output", ""),
                                start.config()
                                        .getOrDefault(
                                                "data", start.config().getOrDefault("train", "")),
                                start.backend(),
                                start.backendVersion(),
                                start.steps()));
        tell(none -> OptionalLong.of(runs.begin(begun)));
    }

    @Override
    public void metric(long step, String name, double value) {
        tell(run -> {
            runs.metric(run.getAsLong(), new Metric(name, step, value));
            return run;
        });
    }

    @Override
    public void checkpoint(long step, Path folder, String digest) {
        tell(run -> {
            runs.checkpoint(run.getAsLong(), step, folder.toString(), digest);
            return run;
        });
    }

    @Override
    public void ended(RunState state, String message) {
        tell(run -> {
            runs.end(run.getAsLong(), stored(state), message);
            return run;
        });
        Instant end = Instant.now().plus(PATIENCE);
        while (!waiting.isEmpty() && Instant.now().isBefore(end)) {
            pause();
            nextTry = Instant.MIN;
            flush();
        }
        if (!waiting.isEmpty()) {
            LOG.warn(
                    "the database is still away; {} facts of the run are not in it, its checkpoints are complete",
                    waiting.size());
        }
    }

    private void tell(UnaryOperator<OptionalLong> fact) {
        waiting.addLast(fact);
        flush();
    }

    private void flush() {
        if (Instant.now().isBefore(nextTry)) {
            return;
        }
        try {
            while (!waiting.isEmpty()) {
                run = waiting.getFirst().apply(run);
                waiting.removeFirst();
            }
        } catch (DataAccessException | TransactionException e) {
            if (nextTry.equals(Instant.MIN)) {
                LOG.warn(
                        "the database does not answer ({}); the run goes on and is written down when it is back",
                        e.getMostSpecificCause().getMessage());
            }
            nextTry = Instant.now().plus(PAUSE);
            return;
        }
        nextTry = Instant.MIN;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static io.longspan.store.run.RunState stored(RunState state) {
        return switch (state) {
            case COMPLETED -> io.longspan.store.run.RunState.DONE;
            case STOPPED -> io.longspan.store.run.RunState.STOPPED;
            case FAILED -> io.longspan.store.run.RunState.FAILED;
        };
    }
}
