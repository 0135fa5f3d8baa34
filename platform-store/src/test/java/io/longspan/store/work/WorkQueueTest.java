package io.longspan.store.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.store.Store;
import io.longspan.store.TestDatabases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

final class WorkQueueTest {
    private static final Duration DEAD = Duration.ofMinutes(1);
    private static final Set<WorkKind> ALL = EnumSet.allOf(WorkKind.class);

    private static TestDatabases databases;
    private static Store store;

    private final WorkQueue queue = store.work();

    @BeforeAll
    static void start() throws Exception {
        databases = new TestDatabases();
        store = Store.open(databases.make("work"));
    }

    @AfterAll
    static void stop() {
        store.close();
        databases.close();
    }

    @BeforeEach
    void empty() {
        sql("truncate work_request restart identity cascade");
    }

    @Test
    void everyFieldComesBack() {
        long id = queue.submit(WorkKind.TRAIN, "Kitap \u0000 ığ 書", "{\"çok\": [1, 2]}", "ayşe");
        WorkRow waiting = queue.find(id).orElseThrow();
        assertThat(waiting)
                .usingRecursiveComparison()
                .ignoringFields("createdAt")
                .isEqualTo(
                        new WorkRow(
                                id,
                                WorkKind.TRAIN,
                                "Kitap \uFFFD ığ 書",
                                "{\"çok\": [1, 2]}",
                                WorkState.QUEUED,
                                false,
                                0,
                                0,
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                0,
                                "",
                                "",
                                Optional.empty(),
                                "ayşe",
                                waiting.createdAt(),
                                Optional.empty(),
                                Optional.empty()));
        WorkRow held = take("w1").orElseThrow();
        assertThat(queue.beat(held, 3, 9, "yarısı")).isEqualTo(Beat.GO_ON);
        assertThat(queue.done(held, "{\"x\": 1}")).isTrue();
        WorkRow done = queue.find(id).orElseThrow();
        assertThat(done.state()).isEqualTo(WorkState.DONE);
        assertThat(List.of(done.done(), done.total())).containsExactly(3L, 9L);
        assertThat(done.note()).isEqualTo("yarısı");
        assertThat(done.result()).contains("{\"x\": 1}");
        assertThat(done.worker()).contains("w1");
        assertThat(done.startedAt()).isPresent();
        assertThat(done.endedAt()).isPresent();
    }

    @Test
    void workersThatTakeAtOnceNeverGetTheSame() throws Exception {
        long seed = Long.getLong("store.seed", System.nanoTime());
        System.out.println("store.seed=" + seed);
        int requests = 120;
        for (int i = 0; i < requests; i++) {
            queue.submit(WorkKind.INGEST, "r" + i, "{}", "test");
        }
        List<Callable<List<Long>>> workers = new ArrayList<>();
        for (int w = 0; w < 8; w++) {
            String name = "w" + w;
            Random random = new Random(seed + w);
            workers.add(() -> {
                List<Long> mine = new ArrayList<>();
                for (Optional<WorkRow> taken = take(name); taken.isPresent(); taken = take(name)) {
                    mine.add(taken.get().id());
                    if (random.nextInt(4) == 0) {
                        queue.release(taken.get());
                        mine.removeLast();
                    } else if (random.nextInt(4) == 0) {
                        queue.done(taken.get(), "{}");
                    }
                }
                return mine;
            });
        }
        List<Long> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<List<Long>> mine : threads.invokeAll(workers)) {
                all.addAll(mine.get());
            }
        }
        assertThat(all).hasSize(requests).doesNotHaveDuplicates();
    }

    @Test
    void theOldestOfTheAskedKindsIsTakenFirst() {
        submit(WorkKind.TRAIN);
        long second = submit(WorkKind.INGEST);
        long third = submit(WorkKind.INGEST);
        Set<WorkKind> ingest = Set.of(WorkKind.INGEST);
        assertThat(queue.take("w", ingest, DEAD)).map(WorkRow::id).contains(second);
        assertThat(queue.take("w", ingest, DEAD)).map(WorkRow::id).contains(third);
        assertThat(queue.take("w", ingest, DEAD)).isEmpty();
        assertThatThrownBy(() -> queue.take("w", Set.of(), DEAD))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no kind");
    }

    @Test
    void aLostWorkersRequestIsTakenUpAndTheFirstIsFencedOff() {
        long id = submit(WorkKind.INGEST);
        WorkRow first = take("w1").orElseThrow();
        assertThat(take("w2")).isEmpty();
        age(id, 61);
        WorkRow second = take("w2").orElseThrow();
        assertThat(second.id()).isEqualTo(id);
        assertThat(second.lost()).isEqualTo(1);
        assertThat(second.attempt()).isEqualTo(2);

        assertThat(queue.beat(first, 5, 5, "late")).isEqualTo(Beat.LOST);
        assertThat(queue.done(first, "{}")).isFalse();
        assertThat(queue.failed(first, "late")).isFalse();
        assertThat(queue.stopped(first, "late")).isFalse();
        assertThat(queue.release(first)).isFalse();
        assertThat(queue.find(id)).contains(second);
        assertThat(queue.done(second, "{}")).isTrue();
    }

    @Test
    void theSameWorkerIsFencedOffFromItsEarlierAttempt() {
        long id = submit(WorkKind.INGEST);
        WorkRow first = take("w1").orElseThrow();
        age(id, 61);
        WorkRow again = take("w1").orElseThrow();
        assertThat(queue.done(first, "{}")).isFalse();
        assertThat(queue.done(again, "{}")).isTrue();
    }

    @Test
    void aBeatKeepsARequest() {
        long id = submit(WorkKind.INGEST);
        WorkRow held = take("w1").orElseThrow();
        age(id, 61);
        assertThat(queue.beat(held, 0, 0, "")).isEqualTo(Beat.GO_ON);
        assertThat(take("w2")).isEmpty();
    }

    @Test
    void whatWaitsIsStoppedAtOnceAndWhatRunsIsTold() {
        long waiting = submit(WorkKind.INGEST);
        assertThat(queue.requestStop(waiting)).isTrue();
        assertThat(queue.find(waiting).orElseThrow().state()).isEqualTo(WorkState.STOPPED);
        assertThat(queue.find(waiting).orElseThrow().endedAt()).isPresent();
        assertThat(queue.requestStop(waiting)).isFalse();

        long running = submit(WorkKind.INGEST);
        WorkRow held = take("w1").orElseThrow();
        assertThat(queue.requestStop(running)).isTrue();
        assertThat(queue.find(running).orElseThrow().stateForPeople()).isEqualTo("STOPPING");
        assertThat(queue.beat(held, 1, 2, "")).isEqualTo(Beat.STOP);
        assertThat(queue.stopped(held, "at shard 3")).isTrue();
        assertThat(queue.find(running).orElseThrow().message()).isEqualTo("at shard 3");
        assertThat(queue.requestStop(99)).isFalse();
    }

    @Test
    void whatFailedOrStoppedIsRestartedWithAFreshCountOfLosses() {
        long id = submit(WorkKind.INGEST);
        assertThat(queue.restart(id)).isFalse();
        take("w1");
        age(id, 61);
        WorkRow held = take("w2").orElseThrow();
        queue.requestStop(id);
        queue.failed(held, "no disk");
        assertThat(queue.restart(id)).isTrue();
        WorkRow again = take("w3").orElseThrow();
        assertThat(again.stopRequested()).isFalse();
        assertThat(again.lost()).isZero();
        assertThat(again.message()).isEmpty();
        assertThat(again.endedAt()).isEmpty();
        assertThat(again.attempt()).isEqualTo(3);
        assertThat(queue.done(again, "{}")).isTrue();
        assertThat(queue.restart(id)).isFalse();
    }

    @Test
    void aRequestThatLosesEveryWorkerIsGivenUp() {
        long id = submit(WorkKind.INGEST);
        take("w");
        for (int i = 0; i < WorkQueue.MOST_LOST; i++) {
            age(id, 61);
            assertThat(take("w" + i)).isPresent();
        }
        age(id, 61);
        assertThat(take("last")).isEmpty();
        WorkRow end = queue.find(id).orElseThrow();
        assertThat(end.state()).isEqualTo(WorkState.FAILED);
        assertThat(end.message()).startsWith("given up after 21 workers were lost");
        assertThat(end.endedAt()).isPresent();
    }

    @Test
    void whatWasLostWhileStoppingHasStopped() {
        long id = submit(WorkKind.INGEST);
        take("w1");
        queue.requestStop(id);
        age(id, 61);
        assertThat(take("w2")).isEmpty();
        assertThat(queue.find(id).orElseThrow().state()).isEqualTo(WorkState.STOPPED);
    }

    @Test
    void whatIsGivenBackWaitsAndCountsAsNoLossUnlessItWasToStop() {
        long id = submit(WorkKind.INGEST);
        assertThat(queue.release(take("w1").orElseThrow())).isTrue();
        WorkRow again = take("w2").orElseThrow();
        assertThat(again.lost()).isZero();
        queue.requestStop(id);
        assertThat(queue.release(again)).isTrue();
        assertThat(queue.find(id).orElseThrow().state()).isEqualTo(WorkState.STOPPED);
        assertThat(queue.find(id).orElseThrow().endedAt()).isPresent();
    }

    @Test
    void listsAreNewestFirstAndFiltered() {
        long first = submit(WorkKind.INGEST);
        long second = submit(WorkKind.TRAIN);
        long third = submit(WorkKind.INGEST);
        take("w");
        assertThat(queue.list(2)).extracting(WorkRow::id).containsExactly(third, second);
        assertThat(ids(Set.of(), Set.of(WorkState.QUEUED))).containsExactly(third, second);
        assertThat(ids(Set.of(WorkKind.INGEST), Set.of())).containsExactly(third, first);
        assertThat(ids(Set.of(WorkKind.INGEST), Set.of(WorkState.RUNNING, WorkState.DONE)))
                .containsExactly(first);
    }

    private List<Long> ids(Set<WorkKind> kinds, Set<WorkState> states) {
        return queue.list(kinds, states, 9).stream().map(WorkRow::id).toList();
    }

    private long submit(WorkKind kind) {
        return queue.submit(kind, "title", "{}", "test");
    }

    private Optional<WorkRow> take(String worker) {
        return queue.take(worker, ALL, DEAD);
    }

    private static void age(long id, int seconds) {
        sql(
                "update work_request set heartbeat_at = now() - interval '"
                        + seconds
                        + " seconds' where id = "
                        + id);
    }

    private static void sql(String sql) {
        JdbcClient.create(store.dataSource()).sql(sql).update();
    }
}
