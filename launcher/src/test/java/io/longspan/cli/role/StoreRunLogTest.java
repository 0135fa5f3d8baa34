package io.longspan.cli.role;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.store.run.Metric;
import io.longspan.store.run.NewRun;
import io.longspan.store.run.RunState;
import io.longspan.training.run.RunStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessResourceFailureException;

final class StoreRunLogTest {
    @TempDir Path output;

    private final Rows rows = new Rows();

    @Test
    void whatHappensWhileTheDatabaseIsAwayIsToldLaterInOrder() throws Exception {
        StoreRunLog log = log();
        log.started(start());
        log.metric(1, "loss", 7);
        rows.away = true;
        log.metric(2, "loss", Double.NaN);
        log.checkpointComes(2);
        assertThat(output.resolve("untold.jsonl")).exists();
        log.checkpoint(2, output.resolve("step-2"), "ab");
        rows.away = false;
        Thread.sleep(1100);
        log.metric(3, "loss", 5);
        assertThat(output.resolve("untold.jsonl")).doesNotExist();
        log.ended(io.longspan.training.run.RunState.COMPLETED, "done");
        assertThat(log.isTold()).isTrue();
        assertThat(rows.told)
                .containsExactly(
                        "begin 3",
                        "1 loss 7.0",
                        "2 loss NaN",
                        "checkpoint 2 ab",
                        "3 loss 5.0",
                        "DONE done");
    }

    @Test
    void whatAKilledRunCouldNotTellIsToldWhenItGoesOn() {
        StoreRunLog killed = log();
        killed.started(start());
        rows.away = true;
        killed.metric(1, "loss", 7);
        killed.metric(2, "loss", Double.POSITIVE_INFINITY);
        killed.checkpointComes(2);
        // The next facts die with the process; the run measures them again.
        killed.metric(3, "loss", 5);
        rows.away = false;
        rows.told.clear();
        StoreRunLog next = log();
        next.started(start());
        assertThat(rows.told).containsExactly("begin 3", "1 loss 7.0", "2 loss Infinity");
        assertThat(Files.exists(output.resolve("untold.jsonl"))).isFalse();
    }

    @Test
    void aDatabaseThatStaysAwayLeavesTheFileAndSaysSo() {
        rows.away = true;
        StoreRunLog log = log();
        log.started(start());
        log.metric(1, "loss", 7);
        log.ended(io.longspan.training.run.RunState.COMPLETED, "done");
        assertThat(log.isTold()).isFalse();
        assertThat(output.resolve("untold.jsonl"))
                .hasContent("{\"step\":1,\"name\":\"loss\",\"value\":\"7.0\"}");
    }

    private StoreRunLog log() {
        return new StoreRunLog(rows, run -> run, output, Duration.ZERO);
    }

    private static RunStart start() {
        return new RunStart(new TreeMap<>(), "d", "loop", "1", "data", 5, 0, 3);
    }

    private static final class Rows implements RunRows {
        private final List<String> told = new ArrayList<>();
        private boolean away;

        @Override
        public long begin(NewRun run) {
            return tell("begin " + run.totalSteps());
        }

        @Override
        public void metrics(long run, List<Metric> metrics) {
            metrics.forEach(m -> tell(m.step() + " " + m.name() + " " + m.value()));
        }

        @Override
        public void checkpoint(long run, long step, String folder, String digest) {
            tell("checkpoint " + step + " " + digest);
        }

        @Override
        public void end(long run, RunState state, String message) {
            tell(state + " " + message);
        }

        private long tell(String what) {
            if (away) {
                throw new DataAccessResourceFailureException("away");
            }
            told.add(what);
            return 9;
        }
    }
}
