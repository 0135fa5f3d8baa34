package io.longspan.serving.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class SchedulerTest {
    private static final long PATIENCE = 10;

    @Test
    void theNextBatchRunsWhileAnswersOfTheLastGoOut() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        CountDownLatch next = new CountDownLatch(1);
        BlockingQueue<Boolean> ranMeanwhile = new LinkedBlockingQueue<>();
        try (Scheduler<TestJob> scheduler =
                scheduler(
                        1,
                        batch -> {
                            if (batch.getFirst().number() == 1) {
                                next.countDown();
                                return () -> {};
                            }
                            await(queued);
                            return () -> ranMeanwhile.add(await(next));
                        })) {
            queue(scheduler, 0);
            queue(scheduler, 1);
            queued.countDown();
            assertThat(ranMeanwhile.poll(2 * PATIENCE, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void answersNeverQueueUp() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        Set<Integer> ran = ConcurrentHashMap.newKeySet();
        Set<Integer> answered = ConcurrentHashMap.newKeySet();
        try (Scheduler<TestJob> scheduler =
                scheduler(
                        1,
                        batch -> {
                            int number = batch.getFirst().number();
                            await(queued);
                            ran.add(number);
                            return () -> {
                                await(open);
                                answered.add(number);
                            };
                        })) {
            for (int number = 0; number < 9; number++) {
                queue(scheduler, number);
            }
            queued.countDown();
            // One on the thread for answers, one on the thread that ran it.
            for (int i = 0; i < 500 && scheduler.waiting() > 7; i++) {
                Thread.sleep(10);
            }
            Thread.sleep(100);
            assertThat(ran).hasSize(2);
            assertThat(answered).isEmpty();
            open.countDown();
        }
        assertThat(answered).hasSize(9);
    }

    @Test
    void aLoneAnswerGoesOutOnTheThreadThatRan() throws Exception {
        BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
        try (Scheduler<TestJob> scheduler =
                scheduler(
                        1,
                        _ -> {
                            threads.add(Thread.currentThread());
                            return () -> threads.add(Thread.currentThread());
                        })) {
            queue(scheduler, 0);
            Thread ran = threads.poll(PATIENCE, TimeUnit.SECONDS);
            assertThat(threads.poll(PATIENCE, TimeUnit.SECONDS)).isNotNull().isSameAs(ran);
        }
    }

    @Test
    void whoeverCannotBeInTimeGetsNoSeat() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        try (Scheduler<TestJob> scheduler =
                scheduler(
                        1,
                        batch -> {
                            if (batch.getFirst().number() > 0) {
                                await(open);
                            } else {
                                LockSupport.parkNanos(20_000_000);
                            }
                            return ran::countDown;
                        })) {
            // 10 tokens take 20 ms or more.
            queue(scheduler, 0);
            assertThat(await(ran)).isTrue();
            queue(scheduler, 1);
            for (int i = 0; i < 500 && scheduler.waiting() > 0; i++) {
                Thread.sleep(10);
            }
            long soon = System.nanoTime() + 10_000_000;
            // Nobody waits, so nobody is refused.
            scheduler.admit(Job.USUAL, 1, soon).close();
            queue(scheduler, 2);
            assertThatThrownBy(() -> scheduler.admit(Job.USUAL, 1, System.nanoTime() + 10_000_000))
                    .hasMessageContaining("RESOURCE_EXHAUSTED")
                    .hasMessageContaining("its deadline is in");
            scheduler.admit(Job.USUAL, 1, System.nanoTime() + TestJob.NEVER / 4).close();
            open.countDown();
        }
    }

    @Test
    void aDefectOfABatchOrOfItsAnswersDoesNotEndTheThreads() throws Exception {
        BlockingQueue<Integer> answered = new LinkedBlockingQueue<>();
        try (Scheduler<TestJob> scheduler =
                scheduler(
                        1,
                        batch -> {
                            int number = batch.getFirst().number();
                            if (number == 0) {
                                throw new IllegalStateException("of the batch");
                            }
                            return () -> {
                                if (number == 1) {
                                    throw new IllegalStateException("of the answers");
                                }
                                answered.add(number);
                            };
                        })) {
            for (int number = 0; number < 3; number++) {
                queue(scheduler, number);
            }
            assertThat(answered.poll(PATIENCE, TimeUnit.SECONDS)).isEqualTo(2);
        }
    }

    private static Scheduler<TestJob> scheduler(
            int requests, java.util.function.Function<List<TestJob>, Runnable> runner) {
        return new Scheduler<>(SchedulerSettings.defaults().withBatch(100, requests), runner);
    }

    private static void queue(Scheduler<TestJob> scheduler, int number) {
        try (Scheduler<TestJob>.Seat seat = scheduler.admit()) {
            seat.queue(TestJob.of(number, "caller", Job.USUAL, 10));
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
