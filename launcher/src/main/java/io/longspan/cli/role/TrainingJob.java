package io.longspan.cli.role;

import io.longspan.attention.registry.SelectedBackend;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.store.Store;
import io.longspan.store.model.ModelRow;
import io.longspan.store.run.CheckpointRow;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.RunData;
import io.longspan.store.run.RunOrigin;
import io.longspan.training.config.DataPart;
import io.longspan.training.config.TrainingConfig;
import io.longspan.training.data.DataSetTokens;
import io.longspan.training.data.TokenSource;
import io.longspan.training.run.RunState;
import io.longspan.training.run.Trainer;
import io.longspan.training.run.TrainingOutcome;
import io.longspan.training.run.TrainingProgress;
import io.longspan.training.run.TrainingRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One training run as the platform makes it: the data set opened if there is one, the backend
 * chosen, everything written down in the store, and the finished model (the best, where that is
 * kept) registered there under the name of its output folder.
 */
public final class TrainingJob {
    private static final int VERSION_DIGITS = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Store store;
    private final BackendChooser backends;

    /** A job over the caller's store and backends. */
    public TrainingJob(Store store, BackendChooser backends) {
        this.store = store;
        this.backends = backends;
    }

    /**
     * What came of a job.
     *
     * @param outcome of the trainer
     * @param backend that ran it
     * @param run its key in the store, if the store could be reached
     */
    public record Result(TrainingOutcome outcome, String backend, OptionalLong run) {}

    /**
     * Runs it, or goes on with it.
     *
     * @throws ModelInputException naming the setting, checkpoint or data that cannot be used
     */
    public Result run(TrainingConfig config, TrainingProgress progress, BooleanSupplier stop) {
        String name = String.valueOf(config.output().getFileName());
        StoreRunLog log =
                new StoreRunLog(
                        RunRows.of(store.runs()),
                        run -> named(run, name, config),
                        config.output(),
                        PATIENCE);
        try (Opened data = Opened.of(config);
                SelectedBackend backend = backends.open(Trainer.needs(config))) {
            TrainingOutcome outcome =
                    Trainer.run(
                            new TrainingRequest(
                                    config,
                                    backend.backend(),
                                    backend.name(),
                                    backend.version(),
                                    data.tokens(),
                                    backends.crew()),
                            log,
                            progress,
                            stop);
            if (outcome.state() == RunState.COMPLETED && log.isTold()) {
                register(
                        name,
                        log.run().getAsLong(),
                        Optional.ofNullable(outcome.best()).orElse(outcome.checkpoint()));
            }
            return new Result(outcome, backend.name(), log.run());
        }
    }

    /** The data sets of a run, if its objective reads some. */
    private record Opened(List<DataSetTokens> sets) implements AutoCloseable {
        static Opened of(TrainingConfig config) {
            Opened opened = new Opened(new ArrayList<>());
            if (config.objective().readsExamples()) {
                return opened;
            }
            if (config.data().parts().isEmpty()) {
                throw new ModelInputException(
                        "training setting 'data' is missing; name the folder of a data set, as 'longspan ingest' makes them");
            }
            try {
                for (DataPart part : config.data().parts()) {
                    opened.sets.add(DataSetTokens.open(part.path()));
                }
                return opened;
            } catch (RuntimeException e) {
                opened.close();
                throw e;
            }
        }

        List<TokenSource> tokens() {
            return List.copyOf(sets);
        }

        @Override
        public void close() {
            sets.forEach(DataSetTokens::close);
        }
    }

    /** What this run made, and not what an earlier one in the same folder left in the store. */
    private void register(String name, long run, @Nullable Path made) {
        Optional<CheckpointRow> told =
                store.runs().checkpoints(run).stream()
                        .filter(row -> made != null && row.folder().equals(made.toString()))
                        .findFirst();
        if (told.isEmpty()) {
            return;
        }
        CheckpointRow last = told.get();
        try (Checkpoint checkpoint = CheckpointFiles.open(Path.of(last.folder()))) {
            store.models()
                    .register(
                            new ModelRow(
                                    name,
                                    last.digest().substring(0, VERSION_DIGITS),
                                    last.folder(),
                                    last.digest(),
                                    checkpoint.names().task().key(),
                                    checkpoint.config().modelType().key(),
                                    parameters(checkpoint.names()),
                                    checkpoint.config().usablePositions(),
                                    OptionalLong.of(run),
                                    Instant.now()));
        }
    }

    private static long parameters(TensorNames names) {
        return names.canonical().stream()
                .mapToLong(name -> names.get(name).info().elements())
                .sum();
    }

    private static NewRun named(NewRun run, String name, TrainingConfig config) {
        List<RunData> data =
                config.data().parts().stream()
                        .map(part ->
                                new RunData(part.name(), part.path().toString(), part.weight()))
                        .toList();
        String folders = data.stream().map(RunData::folder).collect(Collectors.joining(", "));
        RunOrigin origin = run.origin();
        return new NewRun(
                name,
                run.objective(),
                run.config(),
                run.output(),
                data.isEmpty() ? run.dataSet() : folders,
                run.backend(),
                run.backendVersion(),
                run.totalSteps(),
                new RunOrigin(
                        codeVersion(),
                        origin.settingsDigest(),
                        origin.dataDigest(),
                        origin.parameters(),
                        data.isEmpty() ? origin.data() : data));
    }

    private static String codeVersion() {
        String version = TrainingJob.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /** What a finished run has to say for itself, for the queue and for the command line. */
    public static Map<String, Object> summary(Result result) {
        TrainingOutcome outcome = result.outcome();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("run", result.run().isPresent() ? result.run().getAsLong() : null);
        json.put("state", outcome.state());
        json.put("steps", outcome.steps());
        json.put("tokens", outcome.tokens());
        json.put("waitingShare", outcome.waitingShare());
        json.put("firstLoss", outcome.firstLoss());
        json.put("lastLoss", outcome.lastLoss());
        json.put(
                "checkpoint",
                outcome.checkpoint() == null ? null : outcome.checkpoint().toString());
        json.put("best", outcome.best() == null ? null : outcome.best().toString());
        json.put("backend", result.backend());
        json.put("message", outcome.message());
        return json;
    }
}
