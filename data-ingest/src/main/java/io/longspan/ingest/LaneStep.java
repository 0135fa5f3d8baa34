package io.longspan.ingest;

import io.longspan.ingest.Plan.Lane;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
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
 * The step that all lanes go through, each in its own step execution. It comes back every now and
 * then so that counts are stored and stops are heard.
 */
final class LaneStep implements Tasklet, StepExecutionListener, Partitioner {
    private static final long AT_A_TIME_NANOS = 500_000_000;

    private final Build build;
    private final Opener opener;
    private final Map<Long, LaneWork> open = new ConcurrentHashMap<>();

    LaneStep(Build build, Opener opener) {
        this.build = build;
        this.opener = opener;
    }

    /** Begins with a lane, or goes on with it. */
    @FunctionalInterface
    interface Opener {
        LaneWork open(int number, StepContribution contribution) throws IOException;
    }

    /** One partition for each lane of the plan, whatever the grid. */
    @Override
    public Map<String, ExecutionContext> partition(int gridSize) {
        Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
        for (Lane lane : build.planned().plan().lanes()) {
            partitions.put(lane.name(), new ExecutionContext());
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
        LaneWork current = open.get(step.getId());
        if (current == null) {
            current = opener.open(laneOf(step), contribution);
            open.put(step.getId(), current);
        }
        long start = System.nanoTime();
        boolean more = true;
        while (more && !build.ending() && System.nanoTime() - start < AT_A_TIME_NANOS) {
            more = current.advance(contribution);
        }
        return more ? RepeatStatus.CONTINUABLE : RepeatStatus.FINISHED;
    }

    /**
     * By the partition's name, which stands in the row of the step execution itself. Its context is
     * another row, stored later; a kill in between leaves an execution without one.
     */
    private int laneOf(StepExecution step) {
        String name = step.getStepName().substring(step.getStepName().indexOf(':') + 1);
        var lanes = build.planned().plan().lanes();
        for (int i = 0; i < lanes.size(); i++) {
            if (lanes.get(i).name().equals(name)) {
                return i;
            }
        }
        throw new IllegalStateException(
                "the plan has no lane '" + name + "', which Batch asks for");
    }

    @Override
    public @Nullable ExitStatus afterStep(StepExecution step) {
        LaneWork left = open.remove(step.getId());
        if (left != null) {
            left.close();
        }
        return null;
    }
}
