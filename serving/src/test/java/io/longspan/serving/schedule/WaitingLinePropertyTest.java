package io.longspan.serving.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Hours of traffic on a virtual clock: two machines, four kinds of batches, callers of different
 * greed, all priorities, deadlines and cancels. What every cut must be is said by rules that look
 * at all waiting jobs one by one, without lanes.
 */
final class WaitingLinePropertyTest {
    private static final long AGING = 1000;
    private static final SchedulerSettings SETTINGS =
            new SchedulerSettings(2, 1000, 1_000_000, 512, 8, Duration.ofNanos(AGING));
    private static final int JOBS = 4000;

    private final WaitingLine<TestJob> line = new WaitingLine<>(SETTINGS);
    private final Map<TestJob, Long> waiting = new HashMap<>();
    private final Map<Object, Long> busyUntil = new HashMap<>();
    private final Set<Integer> seen = new HashSet<>();
    private long now;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyCutIsRightAndNobodyIsForgotten(long seed) {
        Random random = new Random(seed);
        for (int n = 0; n < JOBS; n++) {
            now += random.nextInt(300);
            TestJob job = job(n, random);
            line.add(job, now);
            waiting.put(job, now);
            if (random.nextInt(20) == 0) {
                TestJob gone =
                        new ArrayList<>(waiting.keySet()).get(random.nextInt(waiting.size()));
                assertThat(line.remove(gone)).isTrue();
                out(gone);
            }
            cutAll();
        }
        while (!waiting.isEmpty()) {
            now += 100;
            cutAll();
        }
        assertThat(seen).hasSize(JOBS);
        assertThat(line.size()).isZero();
        assertThat(line.tokensUpTo(Job.LEAST_URGENT)).isZero();
    }

    private TestJob job(int number, Random random) {
        String caller = "caller" + Math.min(random.nextInt(8), 3);
        int tokens = random.nextInt(10) == 0 ? 1 + random.nextInt(900) : 1 + random.nextInt(90);
        int lot = random.nextInt(4);
        long deadline = random.nextInt(4) == 0 ? now + random.nextInt(20_000) : TestJob.NEVER;
        return new TestJob(
                number,
                caller,
                1 + random.nextInt(9),
                tokens,
                "lot" + lot,
                "machine" + lot % 2,
                deadline);
    }

    private void cutAll() {
        busyUntil.values().removeIf(until -> until <= now);
        while (true) {
            assertThat(line.size()).isEqualTo(waiting.size());
            Cut<TestJob> cut = line.cut(now, busyUntil.keySet());
            cut.late()
                    .forEach(late -> {
                        assertThat(late.deadlineNanos()).isLessThanOrEqualTo(now);
                        out(late);
                    });
            if (cut.batch().isEmpty()) {
                assertThat(waiting.keySet())
                        .as("a free machine has nothing to do")
                        .allMatch(job -> busyUntil.containsKey(job.machine()));
                return;
            }
            check(cut.batch());
            cut.batch().forEach(this::out);
            busyUntil.put(cut.batch().getFirst().machine(), now + 50 + cut.tokens());
        }
    }

    private void check(List<TestJob> batch) {
        TestJob first = batch.getFirst();
        assertThat(busyUntil).doesNotContainKey(first.machine());
        assertThat(batch).allMatch(job -> job.lot().equals(first.lot()));
        assertThat(batch).allMatch(job -> job.deadlineNanos() > now);
        assertThat(batch).hasSizeLessThanOrEqualTo(SETTINGS.batchRequests());
        int tokens = batch.stream().mapToInt(Job::tokens).sum();
        assertThat(batch.size() == 1 || tokens <= SETTINGS.batchTokens()).isTrue();
        for (TestJob other : waiting.keySet()) {
            boolean ready = !busyUntil.containsKey(other.machine()) && !batch.contains(other);
            if (ready) {
                assertThat(level(first)).isLessThanOrEqualTo(level(other));
            }
            boolean alike = ready && other.lot().equals(first.lot());
            if (alike && batch.size() < SETTINGS.batchRequests()) {
                assertThat(isHeldBack(other, batch) || other.tokens() + tokens > 512)
                        .as("%s would have fitted beside %s", other, batch)
                        .isTrue();
            }
        }
        for (TestJob job : batch) {
            assertThat(waiting.keySet())
                    .as("%s overtakes nobody of its kind", job)
                    .noneMatch(other -> isBefore(other, job) && !batch.contains(other));
        }
    }

    /** Behind one of its kind that does not fit. */
    private boolean isHeldBack(TestJob job, List<TestJob> batch) {
        return waiting.keySet().stream()
                .anyMatch(other -> isBefore(other, job) && !batch.contains(other));
    }

    private static boolean isBefore(TestJob one, TestJob other) {
        return one.number() < other.number()
                && one.caller().equals(other.caller())
                && one.priority() == other.priority()
                && one.lot().equals(other.lot());
    }

    private long level(TestJob job) {
        return Math.max(1, job.priority() - (now - waiting.get(job)) / AGING);
    }

    private void out(TestJob job) {
        assertThat(waiting.remove(job)).isNotNull();
        assertThat(seen.add(job.number())).isTrue();
    }
}
