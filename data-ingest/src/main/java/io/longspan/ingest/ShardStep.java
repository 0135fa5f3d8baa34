package io.longspan.ingest;

import io.longspan.ingest.Plan.PlannedShard;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/**
 * The step that all shards go through, each in its own step execution. It comes back every now and
 * then so that counts are stored and stops are heard; a shard that is not complete then is begun
 * anew by the next attempt.
 */
final class ShardStep implements Tasklet, StepExecutionListener, Partitioner {
    private static final long AT_A_TIME_NANOS = 500_000_000;

    private final Build build;
    private final Map<Long, ShardBuild> open = new ConcurrentHashMap<>();

    ShardStep(Build build) {
        this.build = build;
    }

    /** One partition for each shard of the plan, whatever the grid. */
    @Override
    public Map<String, ExecutionContext> partition(int gridSize) {
        Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
        List<PlannedShard> shards = build.planned().plan().shards();
        for (PlannedShard shard : shards) {
            partitions.put(shard.name(), new ExecutionContext());
        }
        return partitions;
    }

    @Override
    public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext context)
            throws IOException {
        StepExecution step = context.getStepContext().getStepExecution();
        try {
            if (build.ending()) {
                step.setTerminateOnly();
                return RepeatStatus.CONTINUABLE;
            }
            return advance(step, contribution);
        } catch (IOException | RuntimeException | Error e) {
            build.failed(e);
            throw e;
        }
    }

    private RepeatStatus advance(StepExecution step, StepContribution contribution)
            throws IOException {
        PlannedShard shard = shardOf(step);
        ShardBuild current = open.get(step.getId());
        if (current == null) {
            Optional<Receipt> done = build.folder.done(shard.name());
            if (done.isPresent()) {
                // Published by an attempt that died before it could say so.
                count(contribution, done.get());
                return RepeatStatus.FINISHED;
            }
            current = new ShardBuild(build, shard);
            open.put(step.getId(), current);
        }
        long start = System.nanoTime();
        while (current.hasNext()
                && !build.ending()
                && System.nanoTime() - start < AT_A_TIME_NANOS) {
            boolean written = current.next();
            contribution.incrementReadCount();
            if (written) {
                contribution.incrementWriteCount(1);
            } else {
                contribution.incrementFilterCount();
            }
        }
        if (current.hasNext()) {
            return RepeatStatus.CONTINUABLE;
        }
        build.published(current.publish());
        build.board.shardPublished();
        return RepeatStatus.FINISHED;
    }

    /**
     * By the partition's name, which stands in the row of the step execution itself. Its context is
     * another row, stored later; a kill in between leaves an execution without one.
     */
    private PlannedShard shardOf(StepExecution step) {
        String name = step.getStepName().substring(step.getStepName().indexOf(':') + 1);
        return build.planned().plan().shards().stream()
                .filter(shard -> shard.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "the plan has no shard '" + name + "', which Batch asks for"));
    }

    private static void count(StepContribution contribution, Receipt receipt) {
        for (long i = 0; i < receipt.read(); i++) {
            contribution.incrementReadCount();
        }
        contribution.incrementWriteCount(receipt.written());
        contribution.incrementFilterCount(receipt.droppedInAll());
    }

    /** However it ended: what was not published is removed. */
    @Override
    public @Nullable ExitStatus afterStep(StepExecution step) {
        ShardBuild left = open.remove(step.getId());
        if (left != null) {
            left.close();
        }
        return null;
    }
}
