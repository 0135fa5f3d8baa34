package io.longspan.ingest;

import java.time.LocalDateTime;
import java.time.ZoneId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;

/** Ends, in the database, what ended without saying so. For the holder of the lock only. */
record Recovery(JobRepository repository, JobOperator operator) {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    void recover(JobExecution execution) {
        if (execution.isRunning()) {
            LOG.info(
                    "execution {} ended with its process; it is taken up again", execution.getId());
            operator.recover(execution);
        }
        // What Batch could not store, because the database was away: it would refuse a restart.
        for (StepExecution step : execution.getStepExecutions()) {
            if (step.getStatus() == BatchStatus.UNKNOWN) {
                step.setStatus(BatchStatus.FAILED);
                step.setExitStatus(ExitStatus.FAILED);
                step.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
                repository.update(step);
            }
        }
        if (execution.getStatus() == BatchStatus.UNKNOWN) {
            execution.setStatus(BatchStatus.FAILED);
            execution.setExitStatus(ExitStatus.FAILED);
            execution.setEndTime(LocalDateTime.now(ZoneId.systemDefault()));
            repository.update(execution);
        }
    }
}
