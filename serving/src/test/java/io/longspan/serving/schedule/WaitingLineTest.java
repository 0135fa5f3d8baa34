package io.longspan.serving.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class WaitingLineTest {
    private static final SchedulerSettings SETTINGS =
            new SchedulerSettings(1, 1000, 1_000_000, 100, 4, Duration.ofNanos(10));

    private final WaitingLine<TestJob> line = new WaitingLine<>(SETTINGS);

    @Test
    void aBatchHoldsAsManyTokensAndJobsAsItMay() {
        IntStream.range(0, 6).forEach(n -> line.add(TestJob.of(n, "a", 5, 30), n));
        assertThat(numbers(6)).containsExactly(0, 1, 2);
        assertThat(numbers(6)).containsExactly(3, 4, 5);
        IntStream.range(6, 12).forEach(n -> line.add(TestJob.of(n, "a", 5, 1), n));
        assertThat(numbers(12)).containsExactly(6, 7, 8, 9);
    }

    @Test
    void aJobLongerThanABatchRunsAlone() {
        line.add(TestJob.of(0, "a", 5, 101), 0);
        line.add(TestJob.of(1, "a", 5, 1), 1);
        assertThat(numbers(2)).containsExactly(0);
        assertThat(numbers(2)).containsExactly(1);
    }

    @Test
    void theMoreUrgentGoesFirstUntilTheOtherHasWaited() {
        line.add(TestJob.of(0, "a", 9, 100), 0);
        line.add(TestJob.of(1, "a", 1, 100), 79);
        assertThat(numbers(79)).containsExactly(1);
        line.add(TestJob.of(2, "a", 1, 100), 80);
        assertThat(numbers(80)).containsExactly(0);
    }

    @Test
    void callersTakeTurnsByTokens() {
        IntStream.range(0, 8).forEach(n -> line.add(TestJob.of(n, "many", 5, 50), 0));
        line.add(TestJob.of(8, "one", 5, 50), 1);
        assertThat(numbers(1)).containsExactly(0, 8);
        assertThat(numbers(1)).containsExactly(1, 2);
    }

    @Test
    void absenceEarnsNothing() {
        for (int n = 0; n < 10; n++) {
            line.add(TestJob.of(n, "busy", 5, 100), n);
            assertThat(numbers(n)).containsExactly(n);
        }
        IntStream.range(10, 20).forEach(n -> line.add(TestJob.of(n, "busy", 5, 50), 10));
        IntStream.range(20, 30).forEach(n -> line.add(TestJob.of(n, "back", 5, 50), 10));
        long turns = 0;
        for (int batch = 0; batch < 5; batch++) {
            turns +=
                    line.cut(10, Set.of()).batch().stream()
                            .filter(job -> job.caller().equals("back"))
                            .count();
        }
        // Half of the ten, give or take what the last batch of the other held.
        assertThat(turns).isBetween(5L, 6L);
    }

    @Test
    void onlyOneLotIsInABatchAndABusyMachineIsLeftOut() {
        line.add(new TestJob(0, "a", 5, 1, "x", "m", TestJob.NEVER), 0);
        line.add(new TestJob(1, "a", 5, 1, "y", "n", TestJob.NEVER), 1);
        line.add(new TestJob(2, "b", 5, 1, "x", "m", TestJob.NEVER), 2);
        assertThat(line.cut(3, Set.of("m", "n")).batch()).isEmpty();
        assertThat(line.cut(3, Set.of("m")).batch()).extracting(TestJob::number).containsExactly(1);
        assertThat(numbers(3)).containsExactly(2, 0);
    }

    @Test
    void aJobThatIsLateIsHandedOutApart() {
        line.add(new TestJob(0, "a", 5, 1, "x", "m", 10), 0);
        line.add(new TestJob(1, "a", 5, 1, "x", "m", 11), 0);
        Cut<TestJob> cut = line.cut(10, Set.of());
        assertThat(cut.late()).extracting(TestJob::number).containsExactly(0);
        assertThat(cut.batch()).extracting(TestJob::number).containsExactly(1);
        assertThat(line.size()).isZero();
    }

    @Test
    void whoCannotBeAnsweredInTimeDoesNotRunInVainWhileOthersCan() {
        line.add(new TestJob(0, "a", 5, 10, "x", "m", 150), 0);
        line.add(new TestJob(1, "b", 5, 10, "x", "m", 151), 0);
        line.add(new TestJob(2, "a", 5, 10, "x", "m", 900), 0);
        // 30 tokens take 150, unless one has gone.
        Cut<TestJob> cut = line.cut(0, Set.of(), tokens -> tokens * 5);
        assertThat(cut.late()).extracting(TestJob::number).containsExactly(0);
        assertThat(cut.batch()).extracting(TestJob::number).containsExactlyInAnyOrder(1, 2);
        // Nobody is helped by leaving out the only one; the time may be wrong.
        line.add(new TestJob(3, "a", 5, 10, "x", "m", 20), 0);
        cut = line.cut(0, Set.of(), tokens -> tokens * 5);
        assertThat(cut.late()).isEmpty();
        assertThat(cut.batch()).extracting(TestJob::number).containsExactly(3);
        // One that can, but whose machine is busy, is no reason.
        line.add(new TestJob(4, "a", 5, 10, "x", "m", 20), 0);
        line.add(new TestJob(5, "a", 5, 10, "y", "n", 900), 0);
        cut = line.cut(0, Set.of("n"), tokens -> tokens * 5);
        assertThat(cut.batch()).extracting(TestJob::number).containsExactly(4);
        assertThat(line.cut(0, Set.of()).batch()).hasSize(1);
    }

    @Test
    void aJobThatWasTakenOutDoesNotRun() {
        TestJob job = TestJob.of(0, "a", 5, 7);
        line.add(job, 0);
        assertThat(line.tokensUpTo(4)).isZero();
        assertThat(line.tokensUpTo(5)).isEqualTo(7);
        assertThat(line.remove(job)).isTrue();
        assertThat(line.remove(job)).isFalse();
        assertThat(line.tokensUpTo(9)).isZero();
        assertThat(numbers(0)).isEmpty();
    }

    private List<Integer> numbers(long now) {
        return line.cut(now, Set.of()).batch().stream().map(TestJob::number).toList();
    }
}
