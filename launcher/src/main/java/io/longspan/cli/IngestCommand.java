package io.longspan.cli;

import io.longspan.cli.config.Configuration;
import io.longspan.cli.config.UsageException;
import io.longspan.cli.role.IngestSummary;
import io.longspan.cli.term.Console;
import io.longspan.cli.term.ProgressLine;
import io.longspan.corpus.DataSet;
import io.longspan.corpus.ParquetMemory;
import io.longspan.corpus.Statistics;
import io.longspan.corpus.Validation;
import io.longspan.ingest.Ingest;
import io.longspan.ingest.IngestJobs;
import io.longspan.ingest.IngestOutcome;
import io.longspan.ingest.IngestProgress;
import io.longspan.ingest.IngestReport;
import io.longspan.ingest.IngestRequest;
import io.longspan.ingest.JobView;
import io.longspan.store.Store;
import io.longspan.store.work.WorkKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns corpora into data sets of token shards. */
@Command(
        name = "ingest",
        description =
                "Turn a corpus into token shards, exactly once: after any crash the same command goes on.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example: longspan ingest run --corpus books --source books --out data/books"
        },
        subcommands = {
            IngestCommand.Run.class,
            IngestCommand.Start.class,
            IngestCommand.ListJobs.class,
            IngestCommand.Status.class,
            IngestCommand.Stop.class,
            IngestCommand.Restart.class,
            IngestCommand.Validate.class,
            IngestCommand.Report.class,
            ScheduleCommand.class
        })
final class IngestCommand {
    private static final int FAILURE = 1;

    private IngestCommand() {}

    /** Ingests here and now. */
    @Command(
            name = "run",
            description = {
                "Ingest in this process. Ctrl-C stops after the current document; the same command goes on.",
                "A data set that is complete already is left alone."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan ingest run --corpus books --source books --out data/books"
            })
    static final class Run implements Callable<Integer> {
        @Mixin private CommonOptions common;
        @Mixin private IngestOptions options;

        @Override
        public Integer call() throws IOException {
            Console console = common.console();
            Configuration configuration = common.configuration();
            IngestRequest request = options.request(PlatformOptions.ingestThreads(configuration));
            try (Lifetime lifetime = new Lifetime();
                    Store store = StoreAccess.open(configuration)) {
                ParquetMemory memory =
                        new ParquetMemory(PlatformOptions.parquetMebibytes(configuration));
                return print(ingest(request, Ingest.open(store, memory), lifetime), console);
            }
        }

        private static IngestOutcome ingest(
                IngestRequest request, Ingest ingest, Lifetime lifetime) {
            try (ProgressLine bar = new ProgressLine("ingest")) {
                IngestProgress progress =
                        at -> bar.advance(IngestSummary.note(at), at.bytesDone(), at.bytesTotal());
                return ingest.run(request, progress, lifetime::ending);
            }
        }

        private static int print(IngestOutcome outcome, Console console) {
            return switch (outcome) {
                case IngestOutcome.Complete complete -> {
                    console.line(IngestSummary.json(complete), IngestSummary.text(complete));
                    yield 0;
                }
                case IngestOutcome.Stopped stopped -> {
                    console.note(
                            "longspan: stopped after "
                                    + stopped.reached().documentsDone()
                                    + " documents; the same command goes on");
                    yield FAILURE;
                }
            };
        }
    }

    /** Hands an ingest to a worker. */
    @Command(
            name = "start",
            description = "Hand an ingest to a worker.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: longspan ingest start --corpus books --source books --out data/books"
            })
    static final class Start implements Callable<Integer> {
        @Mixin private CommonOptions common;
        @Mixin private IngestOptions options;

        @Override
        public Integer call() throws IOException {
            Configuration configuration = common.configuration();
            IngestRequest request = options.request(PlatformOptions.ingestThreads(configuration));
            try (Store store = StoreAccess.open(configuration)) {
                return submit(store, request, common.console());
            }
        }
    }

    /** Lists jobs. */
    @Command(
            name = "list",
            description = "List the newest ingest jobs, newest first.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest list"})
    static final class ListJobs implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Mixin private LimitOption limit;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                List<JobView> jobs = IngestJobs.of(store).list(limit.rows());
                common.console()
                        .result(
                                Map.of("jobs", jobs.stream().map(JobText::json).toList()),
                                JobText.table(jobs));
                return 0;
            }
        }
    }

    /** Shows a job. */
    @Command(
            name = "status",
            description = "Show one ingest job with its shards.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest status 7"})
    static final class Status implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "JOB", description = "Number of the job.")
        private long id;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                JobView job = known(store, id);
                common.console().result(JobText.json(job), JobText.text(job));
                return 0;
            }
        }
    }

    /** Stops a job. */
    @Command(
            name = "stop",
            description = {
                "Ask a running ingest job to stop, whichever process runs it.",
                "It says STOPPING until it has stopped; what is not a whole shard then is done again later."
            },
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest stop 7"})
    static final class Stop implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "JOB", description = "Number of the job.")
        private long id;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                JobView job = known(store, id);
                if (!IngestJobs.of(store).requestStop(id)) {
                    throw new UsageException(
                            "job " + id + " is " + job.status() + "; there is nothing to stop");
                }
                store.audit().add(Machine.user(), "ingest.stop", "job " + id, Optional.empty());
                JobView after = known(store, id);
                common.console().result(JobText.json(after), "job " + id + ": " + after.status());
                return 0;
            }
        }
    }

    /** Queues a job's request again. */
    @Command(
            name = "restart",
            description =
                    "Hand a stopped or failed ingest job to a worker; it goes on where it ended.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest restart 7"})
    static final class Restart implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "JOB", description = "Number of the job.")
        private long id;

        @Override
        public Integer call() throws IOException {
            try (Store store = StoreAccess.open(common.configuration())) {
                JobView job = known(store, id);
                if (job.status().equals("COMPLETED")) {
                    throw new UsageException(
                            "job " + id + " is COMPLETED; there is nothing to go on with");
                }
                IngestRequest request =
                        job.request()
                                .orElseThrow(() ->
                                        new UsageException(
                                                "job "
                                                        + id
                                                        + " does not hold its request; run the same 'longspan ingest run' again"));
                return submit(store, request, common.console());
            }
        }
    }

    /** Reads a data set back. */
    @Command(
            name = "validate",
            description =
                    "Read a data set back, all of it: digests, borders, last tokens, provenance.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest validate data/books"})
    static final class Validate implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "DIR", description = "Folder of the data set.")
        private Path folder;

        @Override
        public Integer call() {
            Validation found = DataSet.validate(folder);
            common.console().result(found, JobText.text(folder, found));
            return found.problems().isEmpty() ? 0 : FAILURE;
        }
    }

    /** Says what a data set is like. */
    @Command(
            name = "report",
            description =
                    "Lengths of a data set's documents, tokens by file, what was dropped and why.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: longspan ingest report data/books --svg books.svg"})
    static final class Report implements Callable<Integer> {
        @Mixin private CommonOptions common;

        @Parameters(paramLabel = "DIR", description = "Folder of the data set.")
        private Path folder;

        @Option(names = "--svg", paramLabel = "FILE", description = "Write a picture too.")
        private @Nullable Path picture;

        @Override
        public Integer call() throws IOException {
            Statistics statistics = Statistics.of(folder);
            if (picture != null) {
                Files.writeString(picture, IngestReport.svg(statistics));
            }
            common.console().result(IngestReport.json(statistics), IngestReport.text(statistics));
            return 0;
        }
    }

    private static int submit(Store store, IngestRequest request, Console console) {
        WorkSubmission.submit(
                store, WorkKind.INGEST, "ingest " + request.name(), request.toJson(), console);
        return 0;
    }

    private static JobView known(Store store, long id) {
        return IngestJobs.of(store)
                .find(id)
                .orElseThrow(() ->
                        new UsageException(
                                "ingest job "
                                        + id
                                        + " is not known; 'longspan ingest list' shows the known ones"));
    }
}
