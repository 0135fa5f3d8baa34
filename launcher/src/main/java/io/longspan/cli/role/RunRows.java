package io.longspan.cli.role;

import io.longspan.store.run.Metric;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.RunState;
import io.longspan.store.run.Runs;
import java.util.List;

/** The part of the store that a run is written into. */
interface RunRows {
    /** As {@link Runs#begin}. */
    long begin(NewRun run);

    /** As {@link Runs#metrics(long, List)}. */
    void metrics(long run, List<Metric> metrics);

    /** As {@link Runs#checkpoint}. */
    void checkpoint(long run, long step, String folder, String digest);

    /** As {@link Runs#end}. */
    void end(long run, RunState state, String message);

    /** Those of a store. */
    static RunRows of(Runs runs) {
        return new RunRows() {
            @Override
            public long begin(NewRun run) {
                return runs.begin(run);
            }

            @Override
            public void metrics(long run, List<Metric> metrics) {
                runs.metrics(run, metrics);
            }

            @Override
            public void checkpoint(long run, long step, String folder, String digest) {
                runs.checkpoint(run, step, folder, digest);
            }

            @Override
            public void end(long run, RunState state, String message) {
                runs.end(run, state, message);
            }
        };
    }
}
