package io.longspan.ingest;

import io.longspan.store.Store;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/**
 * What ingest jobs have noted in the store, whichever process runs them. Thread-safe. Batch stores
 * local times: processes on one database should share a time zone.
 */
public final class IngestJobs {
    private final JobRepository repository;

    private IngestJobs(JobRepository repository) {
        this.repository = repository;
    }

    /** Over an open store. */
    public static IngestJobs of(Store store) {
        return new IngestJobs(BatchTables.repository(store.dataSource()));
    }

    /** The executions of the newest instances, newest first. */
    public List<JobView> list(int limit) {
        return repository.getJobInstances(IngestJob.NAME, 0, limit).stream()
                .flatMap(instance -> repository.getJobExecutions(instance).stream())
                .sorted(Comparator.comparingLong(JobExecution::getId).reversed())
                .limit(limit)
                .map(IngestJobs::view)
                .toList();
    }

    /** One execution. */
    public Optional<JobView> find(long id) {
        JobExecution execution = repository.getJobExecution(id);
        return execution == null || !execution.getJobInstance().getJobName().equals(IngestJob.NAME)
                ? Optional.empty()
                : Optional.of(view(execution));
    }

    /**
     * Asks an execution to stop. It says STOPPING until it has stopped, which its workers do when
     * they store their counts next; then the same request goes on where it ended.
     *
     * @return whether it was running
     */
    public boolean requestStop(long id) {
        JobExecution execution = repository.getJobExecution(id);
        if (execution == null || !execution.isRunning()) {
            return false;
        }
        // Not JobOperator.stop: that says STOPPED at once, while the steps go on.
        execution.setStatus(BatchStatus.STOPPING);
        repository.update(execution);
        return true;
    }

    private static JobView view(JobExecution execution) {
        return new JobView(
                execution.getId(),
                execution.getJobInstance().getInstanceId(),
                text(execution, IngestJob.CORPUS),
                text(execution, IngestJob.SOURCE),
                text(execution, IngestJob.OUT),
                Optional.ofNullable(execution.getJobParameters().getString(IngestJob.ASKED))
                        .map(IngestRequest::fromJson),
                execution.getStatus().name(),
                execution.getExitStatus().getExitDescription().lines().findFirst().orElse(""),
                instant(execution.getCreateTime()).orElse(Instant.EPOCH),
                instant(execution.getStartTime()),
                instant(execution.getEndTime()),
                execution.getStepExecutions().stream()
                        .sorted(Comparator.comparingLong(StepExecution::getId))
                        .map(IngestJobs::step)
                        .toList());
    }

    private static JobView.Step step(StepExecution step) {
        return new JobView.Step(
                step.getStepName(),
                step.getStatus().name(),
                step.getReadCount(),
                step.getWriteCount(),
                step.getFilterCount(),
                instant(step.getStartTime()),
                instant(step.getEndTime()));
    }

    private static String text(JobExecution execution, String parameter) {
        String value = execution.getJobParameters().getString(parameter);
        return value == null ? "" : value;
    }

    private static Optional<Instant> instant(@Nullable LocalDateTime time) {
        return Optional.ofNullable(time)
                .map(local -> local.atZone(ZoneId.systemDefault()).toInstant());
    }
}
