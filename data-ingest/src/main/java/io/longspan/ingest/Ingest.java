package io.longspan.ingest;

import io.longspan.corpus.CorpusException;
import io.longspan.corpus.Manifest;
import io.longspan.corpus.ParquetMemory;
import io.longspan.ingest.source.CorpusReader;
import io.longspan.model.tokenizer.CorpusTokenizer;
import io.longspan.store.Store;
import io.longspan.store.dataset.DataSetRow;
import io.longspan.store.dataset.DataSetState;
import io.longspan.store.dataset.DataSets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Builds data sets. Thread-safe; requests for different folders may run at once. The store belongs
 * to whoever opened it and has to outlive this.
 */
public final class Ingest {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);

    private final DataSets rows;
    private final JobRepository repository;
    private final JobOperator operator;
    private final ParquetMemory memory;

    private Ingest(
            DataSets rows, JobRepository repository, JobOperator operator, ParquetMemory memory) {
        this.memory = memory;
        this.rows = rows;
        this.repository = repository;
        this.operator = operator;
    }

    /** Over an open store. */
    public static Ingest open(Store store) {
        return open(store, new ParquetMemory(ParquetMemory.STANDARD_MEBIBYTES));
    }

    /**
     * Over an open store.
     *
     * @param memory that all runs take for reading Parquet
     */
    public static Ingest open(Store store, ParquetMemory memory) {
        JobRepository repository = BatchTables.repository(store.dataSource());
        return new Ingest(store.dataSets(), repository, BatchTables.operator(repository), memory);
    }

    /**
     * Builds a data set, from where an earlier attempt with the same request ended, on the calling
     * thread and as many others as the request has workers. A data set that is complete already is
     * left alone.
     *
     * @param request what to build
     * @param progress hears how far it is
     * @param stopRequested asked often, by several threads; once it says yes the run ends soon, and
     *     what is not a whole shard then is done again by the next attempt
     * @throws CorpusException when the source, the output or a setting cannot be used; nothing was
     *     changed, or the same request goes on when that is put right
     * @throws io.longspan.model.ModelInputException when the tokenizer cannot be used
     * @throws UncheckedIOException when the disk refuses; the message names the file. The same
     *     request goes on when there is room again
     * @throws DataAccessException when the database is away; the same request goes on later
     */
    public IngestOutcome run(
            IngestRequest request, IngestProgress progress, BooleanSupplier stopRequested) {
        CorpusReader reader = request.corpus().reader(request.settings()).with(memory);
        CorpusTokenizer tokenizer = CorpusTokenizer.open(request.tokenizer());
        for (Path source : request.sources()) {
            if (!Files.exists(source)) {
                throw new CorpusException(
                        "source '" + source + "' does not exist; name a folder or a file");
            }
            if (request.out().startsWith(source) && Files.isDirectory(source)) {
                throw new CorpusException(
                        "'" + request.out() + "' lies in its own source; name a folder outside");
            }
        }
        try {
            reader.list(request.sources());
            makeFolder(request.out());
            try (OutputLock _ = OutputLock.take(request.out())) {
                ProgressBoard board = new ProgressBoard(progress);
                return locked(new Build(request, reader, tokenizer, rows, board, stopRequested));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "'" + request.out() + "' cannot be built (" + e + ")", e);
        }
    }

    private static void makeFolder(Path out) throws IOException {
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new CorpusException("'" + out + "' is a file; name a folder");
        }
        Files.createDirectories(out);
    }

    private IngestOutcome locked(Build build) throws IOException {
        IngestRequest request = build.request;
        String digest = build.tokenizer.digest();
        Optional<Manifest> complete = build.folder.complete();
        if (complete.isPresent()) {
            return already(build, complete.get());
        }
        SortedMap<String, String> identity = Identity.of(request, digest);
        JobParameters parameters =
                IngestJob.parameters(request, identity, build.folder.begin(identity));
        rows.begin(
                String.valueOf(request.out().getFileName()),
                request.out().toString(),
                request.corpus().label(),
                digest);
        try {
            return finished(build, execute(build, parameters));
        } catch (RuntimeException | IOException e) {
            noteFailure(request.out());
            throw e;
        }
    }

    private JobExecution execute(Build build, JobParameters parameters) {
        JobInstance instance = repository.getJobInstance(IngestJob.NAME, parameters);
        if (instance != null) {
            for (JobExecution execution : repository.getJobExecutions(instance)) {
                new Recovery(repository, operator).recover(execution);
            }
            JobExecution last = repository.getLastJobExecution(instance);
            if (last != null && last.getStatus() == BatchStatus.COMPLETED) {
                // Killed between the end of the job and the removal of the hidden folder.
                return last;
            }
        }
        ThreadPoolTaskExecutor workers = new ThreadPoolTaskExecutor();
        workers.setCorePoolSize(build.request.workers());
        workers.setThreadNamePrefix("ingest-");
        workers.initialize();
        try {
            return operator.start(IngestJob.of(build, repository, workers), parameters);
        } catch (JobExecutionException e) {
            throw new IllegalStateException("the job cannot be started", e);
        } finally {
            workers.shutdown();
        }
    }

    private IngestOutcome finished(Build build, JobExecution execution) throws IOException {
        if (execution.getStatus() == BatchStatus.COMPLETED) {
            Manifest manifest = Manifest.read(build.request.out());
            rows.ready(build.request.out().toString(), manifest.toJson());
            build.folder.clean();
            return new IngestOutcome.Complete(manifest, false);
        }
        Throwable failure = build.failure();
        if (failure == null && !execution.getAllFailureExceptions().isEmpty()) {
            failure = execution.getAllFailureExceptions().getFirst();
        }
        boolean stopped = execution.getStatus() == BatchStatus.STOPPED || build.stop.getAsBoolean();
        if (build.failure() == null && stopped) {
            return new IngestOutcome.Stopped(build.board.snapshot());
        }
        switch (failure) {
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case IOException e -> throw e;
            case null, default ->
                    throw new IllegalStateException(
                            "the job ended with " + execution.getExitStatus(), failure);
        }
    }

    /** A data set that is complete: either the request is for just that, or it is refused. */
    private IngestOutcome already(Build build, Manifest manifest) throws IOException {
        IngestRequest request = build.request;
        Identity.requireSame(
                request.out(),
                Identity.ofContent(manifest),
                Identity.ofContent(request, build.tokenizer.digest()));
        Manifest.Source source;
        try {
            source = build.planner().make().source();
        } catch (Planner.StoppedException _) {
            return new IngestOutcome.Stopped(build.board.snapshot());
        }
        if (!source.equals(manifest.source())) {
            throw new CorpusException(
                    "'"
                            + request.out()
                            + "' was built from "
                            + described(manifest.source())
                            + ", and the source now has "
                            + described(source)
                            + "; put the source back, or name another folder");
        }
        String folder = request.out().toString();
        if (rows.find(folder).map(DataSetRow::state).orElse(DataSetState.FAILED)
                != DataSetState.READY) {
            rows.begin(
                    String.valueOf(request.out().getFileName()),
                    folder,
                    manifest.corpus(),
                    manifest.tokenizer().sha256());
            rows.progress(
                    folder,
                    manifest.totals().written(),
                    manifest.totals().droppedInAll(),
                    manifest.totals().tokens(),
                    manifest.shards().size());
            rows.ready(folder, manifest.toJson());
        }
        return new IngestOutcome.Complete(manifest, true);
    }

    private static String described(Manifest.Source source) {
        return source.files()
                + " files with "
                + source.bytes()
                + " bytes and digest "
                + source.sha256().substring(0, 12);
    }

    private void noteFailure(Path out) {
        try {
            rows.failed(out.toString());
        } catch (DataAccessException e) {
            LOG.warn("the failure of '{}' could not be noted in the store: {}", out, e.toString());
        }
    }
}
