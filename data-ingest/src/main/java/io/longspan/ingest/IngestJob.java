package io.longspan.ingest;

import io.longspan.corpus.DiskFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.support.transaction.ResourcelessTransactionManager;
import org.springframework.core.task.TaskExecutor;
import org.springframework.transaction.PlatformTransactionManager;

/** The job: its name, its parameters and its steps. */
final class IngestJob {
    static final String NAME = "ingest";
    static final String CORPUS = "corpus";
    static final String SOURCE = "source";
    static final String OUT = "out";

    /**
     * The request as JSON, so that the job can be handed out again; missing where it is too long.
     */
    static final String ASKED = "asked";

    /** What the column of a parameter's value holds. */
    private static final int LONGEST_VALUE = 2500;

    private IngestJob() {}

    /**
     * The parameters. Two identify the instance: the digest of corpus, source, output, settings and
     * tokenizer, and the key of the build, so that a data set that was deleted can be built again.
     * The others are for people.
     */
    static JobParameters parameters(
            IngestRequest request, SortedMap<String, String> identity, String build) {
        MessageDigest digest = DiskFiles.sha256();
        identity.forEach((key, value) ->
                digest.update((key + '\0' + value + '\0').getBytes(StandardCharsets.UTF_8)));
        digest.update(request.out().toString().getBytes(StandardCharsets.UTF_8));
        String sources =
                request.sources().stream().map(Path::toString).collect(Collectors.joining(", "));
        JobParametersBuilder parameters = new JobParametersBuilder();
        String asked = request.toJson();
        if (asked.length() <= LONGEST_VALUE) {
            parameters.addString(ASKED, asked, false);
        }
        return parameters
                .addString("request", DiskFiles.hex(digest))
                .addString("build", build)
                .addString(CORPUS, request.corpus().label(), false)
                .addString(SOURCE, cut(sources), false)
                .addString(OUT, cut(request.out().toString()), false)
                .addString("settings", request.settings().byName().toString(), false)
                .addString("tokenizer", String.valueOf(identity.get("tokenizer")), false)
                .toJobParameters();
    }

    private static String cut(String value) {
        return value.length() <= LONGEST_VALUE
                ? value
                : value.substring(0, LONGEST_VALUE - 3) + "...";
    }

    static Job of(Build build, JobRepository repository, TaskExecutor workers) {
        // Nothing here writes to the database itself: a worker holds no connection while it works.
        PlatformTransactionManager none = new ResourcelessTransactionManager();
        Step plan =
                new StepBuilder("plan", repository)
                        .tasklet(new PlanStep(build), none)
                        .allowStartIfComplete(true)
                        .build();
        LaneStep shard = new LaneStep(build, (lane, counts) -> new LaneBuild(build, lane, counts));
        Step shards = lanes("shards", "shard", shard, build, repository, workers);
        Step publish =
                new StepBuilder("publish", repository)
                        .tasklet(new PublishStep(build), none)
                        .allowStartIfComplete(true)
                        .build();
        SimpleJobBuilder job = new JobBuilder(NAME, repository).start(plan);
        if (build.request.settings().rules().unique()) {
            LaneStep survey = new LaneStep(build, (lane, counts) -> new Survey(build, lane));
            Step duplicates =
                    new StepBuilder("duplicates", repository)
                            .tasklet(new DuplicateStep(build), none)
                            .allowStartIfComplete(true)
                            .build();
            job =
                    job.next(lanes("surveys", "survey", survey, build, repository, workers))
                            .next(duplicates);
        }
        return job.next(shards).next(publish).build();
    }

    private static Step lanes(
            String name,
            String one,
            LaneStep lane,
            Build build,
            JobRepository repository,
            TaskExecutor workers) {
        Step worker =
                new StepBuilder(one, repository)
                        .tasklet(lane, new ResourcelessTransactionManager())
                        .listener(lane)
                        .build();
        return new StepBuilder(name, repository)
                .partitioner(one, lane)
                .step(worker)
                .gridSize(build.request.workers())
                .taskExecutor(workers)
                .build();
    }
}
