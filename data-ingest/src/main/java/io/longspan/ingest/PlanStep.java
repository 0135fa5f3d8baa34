package io.longspan.ingest;

import io.longspan.ingest.Build.Planned;
import io.longspan.ingest.IngestSnapshot.Phase;
import io.longspan.ingest.Plan.Lane;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** Makes the plan, or takes up the one there is and checks that the source is still its. */
record PlanStep(Build build) implements Tasklet {
    @Override
    public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext context)
            throws IOException {
        try {
            plan();
            return RepeatStatus.FINISHED;
        } catch (Planner.StoppedException _) {
            context.getStepContext().getStepExecution().setTerminateOnly();
            return RepeatStatus.CONTINUABLE;
        } catch (IOException | RuntimeException | Error e) {
            build.failed(e);
            throw e;
        }
    }

    private void plan() throws IOException {
        build.board.phase(Phase.PLANNING);
        Planner planner = build.planner();
        Optional<Plan> before = build.folder.plan();
        Plan plan;
        if (before.isPresent()) {
            plan = before.get();
        } else {
            plan = planner.make();
            build.folder.write(plan);
        }
        build.planned(new Planned(plan, planner.check(plan)));
        build.board.planned(plan);
        for (Lane lane : plan.lanes()) {
            boolean last = false;
            for (int shard = 0; !last; shard++) {
                Optional<Receipt> done = build.folder.done(lane.shard(shard));
                if (done.isPresent()) {
                    build.published(done.get());
                    build.board.found(done.get());
                }
                last = done.map(Receipt::last).orElse(true);
            }
        }
        build.board.phase(
                build.request.settings().rules().unique() ? Phase.SURVEYING : Phase.WRITING);
    }
}
