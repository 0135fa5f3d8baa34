package io.longspan.ingest;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.scope.context.ChunkContext;
import org.springframework.batch.core.step.StepContribution;
import org.springframework.batch.core.step.tasklet.Tasklet;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

/** Finds the duplicates in what the surveys have written, or takes up what was found before. */
record DuplicateStep(Build build) implements Tasklet {
    @Override
    public @Nullable RepeatStatus execute(StepContribution contribution, ChunkContext context)
            throws IOException {
        try {
            build.duplicates(find());
            build.board.phase(IngestSnapshot.Phase.WRITING);
            return RepeatStatus.FINISHED;
        } catch (IOException | RuntimeException | Error e) {
            build.failed(e);
            throw e;
        }
    }

    private Duplicates find() throws IOException {
        Optional<Duplicates> before = build.folder.duplicates();
        if (before.isPresent()) {
            return before.get();
        }
        List<Plan.Lane> lanes = build.planned().plan().lanes();
        List<Path> runs = new ArrayList<>();
        for (Plan.Lane lane : lanes) {
            int count =
                    build.folder
                            .surveyed(lane.name())
                            .orElseThrow(() ->
                                    new IllegalStateException(
                                            "lane '" + lane.name() + "' was not surveyed"));
            for (int run = 0; run < count; run++) {
                runs.add(build.folder.run(lane.name(), run));
            }
        }
        Duplicates found = new Duplicates(lanes.size());
        new DuplicateMerge(build.folder.hidden()).merge(runs, found::add);
        build.folder.write(found);
        for (Path run : runs) {
            build.folder.remove(run);
        }
        return found;
    }
}
