package io.longspan.cli.role;

import io.longspan.model.ModelInputException;
import io.longspan.store.run.Metric;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.RunOrigin;
import io.longspan.training.run.RunLog;
import io.longspan.training.run.RunStart;
import io.longspan.training.run.RunState;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Writes a run into the store while it happens. While the database is away it keeps what it hears,
 * with each checkpoint in a file of the run's folder too, and tries again with the next thing, at
 * most once a second; at the end it waits for a while. What is left in the file is told when the
 * run is started again. For the one thread that trains.
 */
final class StoreRunLog implements RunLog {
    private static final Logger LOG = LoggerFactory.getLogger(StoreRunLog.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST = 1000;

    private final Deque<RunFact> waiting = new ArrayDeque<>();
    private final RunRows rows;
    private final UnaryOperator<NewRun> known;
    private final UntoldFacts untold;
    private final Duration patience;

    private @Nullable NewRun begun;
    private OptionalLong run = OptionalLong.empty();
    private boolean away;
    private boolean kept;
    private Instant nextTry = Instant.MIN;

    /**
     * A log over the store.
     *
     * @param known what is known of the run before it starts; the start fills in the rest
     * @param output folder of the run
     * @param patience how long to wait at the end for a database that is away
     */
    StoreRunLog(RunRows rows, UnaryOperator<NewRun> known, Path output, Duration patience) {
        this.rows = rows;
        this.known = known;
        this.untold = new UntoldFacts(output);
        this.patience = patience;
    }

    /** The key of the run, once the store has given one. */
    OptionalLong run() {
        return run;
    }

    /** Whether the store knows all of it. */
    boolean isTold() {
        return run.isPresent() && waiting.isEmpty() && !away;
    }

    @Override
    public void started(RunStart start) {
        List<RunFact> left = untold.read();
        kept = !left.isEmpty();
        waiting.addAll(left);
        String data = start.config().getOrDefault("data", start.config().getOrDefault("train", ""));
        begun =
                known.apply(
                        new NewRun(
                                "",
                                start.config().getOrDefault("objective", ""),
                                Json.text(start.config()),
                                start.config().getOrDefault("output", ""),
                                data,
                                start.backend(),
                                start.backendVersion(),
                                start.steps(),
                                new RunOrigin(
                                        "",
                                        start.digest(),
                                        start.data(),
                                        start.parameters(),
                                        RunOrigin.of(data).data())));
        flush();
    }

    @Override
    public void metric(long step, String name, double value) {
        waiting.addLast(new RunFact.Measured(new Metric(name, step, value)));
        flush();
    }

    /** All numbers of a step in one go: the database makes sure of each go on its disk. */
    @Override
    public void metrics(long step, Map<String, Double> values) {
        values.forEach((name, value) ->
                waiting.addLast(new RunFact.Measured(new Metric(name, step, value))));
        flush();
    }

    @Override
    public void checkpointComes(long step) {
        keep();
    }

    @Override
    public void checkpoint(long step, Path folder, String digest) {
        waiting.addLast(new RunFact.Saved(step, folder.toString(), digest));
        flush();
        keep();
    }

    @Override
    public void ended(RunState state, String message) {
        flush();
        Instant end = Instant.now().plus(patience);
        while (!tellEnd(state, message) && Instant.now().isBefore(end)) {
            pause();
            nextTry = Instant.MIN;
            flush();
        }
        keep();
        if (!isTold()) {
            LOG.warn(
                    "the database is still away; the checkpoints of the run are complete, and what the database does not know ({} facts, in '{}') is told when the run is started again",
                    waiting.size(),
                    untold.file());
        }
    }

    private boolean tellEnd(RunState state, String message) {
        if (run.isEmpty() || !waiting.isEmpty()) {
            return false;
        }
        return reached(() -> rows.end(run.getAsLong(), stored(state), message));
    }

    private void flush() {
        if (Instant.now().isBefore(nextTry)) {
            return;
        }
        reached(() -> {
            if (run.isEmpty() && begun != null) {
                run = OptionalLong.of(rows.begin(begun));
            }
            while (run.isPresent() && !waiting.isEmpty()) {
                tellNext(run.getAsLong());
            }
        });
        if (waiting.isEmpty() && kept) {
            keep();
        }
    }

    private void tellNext(long key) {
        List<Metric> numbers = new ArrayList<>();
        for (RunFact fact : waiting) {
            if (!(fact instanceof RunFact.Measured(Metric metric)) || numbers.size() == MOST) {
                break;
            }
            numbers.add(metric);
        }
        if (!numbers.isEmpty()) {
            rows.metrics(key, numbers);
            numbers.forEach(_ -> waiting.removeFirst());
        } else if (waiting.getFirst()
                instanceof RunFact.Saved(long step, String folder, String digest)) {
            rows.checkpoint(key, step, folder, digest);
            waiting.removeFirst();
        }
    }

    /** Does something with the database; whether it answered. */
    private boolean reached(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException | TransactionException e) {
            if (!away) {
                LOG.warn(
                        "the database does not answer ({}); the run goes on, and what it has to tell is kept until the database is back",
                        e.getMostSpecificCause().getMessage());
            }
            away = true;
            nextTry = Instant.now().plus(PAUSE);
            return false;
        }
        if (away) {
            LOG.info("the database is back, and knows the run up to here");
        }
        away = false;
        nextTry = Instant.MIN;
        return true;
    }

    /** Puts what waits beside the checkpoints. */
    private void keep() {
        if (waiting.isEmpty() && !kept) {
            return;
        }
        try {
            untold.write(waiting);
            kept = !waiting.isEmpty();
        } catch (ModelInputException | UncheckedIOException e) {
            LOG.warn(
                    "what the database does not know cannot be kept either ({}); it is lost if this process ends before the database is back",
                    e.getMessage());
        }
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
