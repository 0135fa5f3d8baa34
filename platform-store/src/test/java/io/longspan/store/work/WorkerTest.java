package io.longspan.store.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.store.Store;
import io.longspan.store.TestDatabases;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

final class WorkerTest {
    private static TestDatabases databases;
    private static Store store;

    private final WorkQueue queue = store.work();
    private final CountDownLatch begun = new CountDownLatch(1);

    @BeforeAll
    static void start() throws Exception {
        databases = new TestDatabases();
        store = Store.open(databases.make("worker"));
    }

    @AfterAll
    static void stop() {
        store.close();
        databases.close();
    }

    @AfterEach
    void empty() {
        sql("truncate work_request cascade");
    }

    @Test
    void workIsDoneWithItsProgressAndItsResult() throws Exception {
        try (Running _ =
                run(
                        "w",
                        (request, context) -> {
                            context.progress(2, 2, "bitti");
                            return new WorkEnd.Done(request.payload());
                        })) {
            WorkRow end = ended(submit("{\"n\": 1}"));
            assertThat(end.state()).isEqualTo(WorkState.DONE);
            assertThat(end.result()).contains("{\"n\": 1}");
            assertThat(end.done()).isEqualTo(2);
            assertThat(end.note()).isEqualTo("bitti");
            assertThat(ended(submit("{\"n\": 2}")).result()).contains("{\"n\": 2}");
        }
    }

    @Test
    void aUsersErrorIsToldInItsOwnWordsAndAnyOtherWithItsClass() throws Exception {
        try (Running _ =
                run(
                        "w",
                        (request, context) ->
                                switch (request.payload()) {
                                    case "1" ->
                                            throw new UserError(
                                                    "the folder 'x' is empty; give another");
                                    case "2" -> throw new IllegalStateException("oh \u0000");
                                    case "3" -> throw new NoClassDefFoundError("x/Y");
                                    case "4" -> new WorkEnd.Done("no json");
                                    default -> new WorkEnd.Failed("ölçü");
                                })) {
            assertThat(failure("1")).isEqualTo("the folder 'x' is empty; give another");
            assertThat(failure("2"))
                    .isEqualTo(
                            "it ended with IllegalStateException: oh \uFFFD; the worker's log has more");
            assertThat(failure("3")).startsWith("it ended with NoClassDefFoundError: x/Y");
            assertThat(failure("4")).contains("its result is no JSON");
            assertThat(failure("5")).isEqualTo("ölçü");
        }
    }

    @Test
    void aStopReachesTheHandler() throws Exception {
        try (Running _ = run("w", this::untilStopped)) {
            long id = submit("{}");
            begun.await();
            queue.requestStop(id);
            WorkRow end = ended(id);
            assertThat(end.state()).isEqualTo(WorkState.STOPPED);
            assertThat(end.message()).isEqualTo("stopped in order");
        }
    }

    @Test
    void aWorkerThatClosesGivesItsRequestToAnother() throws Exception {
        long id;
        try (Running _ = run("w1", this::untilStopped)) {
            id = submit("{}");
            begun.await();
        }
        assertThat(queue.find(id).orElseThrow().state()).isEqualTo(WorkState.QUEUED);
        try (Running _ = run("w2", (request, context) -> new WorkEnd.Done("{}"))) {
            WorkRow end = ended(id);
            assertThat(end.state()).isEqualTo(WorkState.DONE);
            assertThat(end.worker()).contains("w2");
            assertThat(end.lost()).isZero();
        }
    }

    @Test
    void aHandlerThatDoesNotListenIsInterrupted() throws Exception {
        long id;
        try (Running _ =
                run(
                        "w1",
                        (request, context) -> {
                            begun.countDown();
                            Thread.sleep(60_000);
                            return new WorkEnd.Done("{}");
                        })) {
            id = submit("{}");
            begun.await();
        }
        assertThat(queue.find(id).orElseThrow().state()).isEqualTo(WorkState.QUEUED);
    }

    @Test
    void beatsKeepALongWorkFromOthers() throws Exception {
        try (Running _ = run("w1", this::untilStopped)) {
            long id = submit("{}");
            begun.await();
            Thread.sleep(900);
            assertThat(queue.take("w2", Set.of(WorkKind.INGEST), Duration.ofMillis(600))).isEmpty();
            assertThat(queue.find(id).orElseThrow().attempt()).isEqualTo(1);
        }
    }

    @Test
    void aHandlerWhoseRequestIsLostIsToldAndWhatItReturnsIsDropped() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (Running _ =
                run(
                        "w1",
                        (request, context) -> {
                            begun.countDown();
                            await(context::lost);
                            assertThat(context.stopRequested()).isTrue();
                            told.countDown();
                            return new WorkEnd.Done("{\"from\": \"w1\"}");
                        })) {
            long id = submit("{}");
            begun.await();
            sql(
                    "update work_request set worker = 'w2', attempt = attempt + 1, heartbeat_at = now() + interval '1 h'");
            assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
            Thread.sleep(100);
            WorkRow row = queue.find(id).orElseThrow();
            assertThat(row.state()).isEqualTo(WorkState.RUNNING);
            assertThat(row.worker()).contains("w2");
            assertThat(row.result()).isEmpty();
        }
    }

    @Test
    void aStoreThatIsAwayIsWaitedFor() throws Exception {
        CountDownLatch away = new CountDownLatch(1);
        try (Running _ =
                run(
                        "w",
                        (request, context) -> {
                            begun.countDown();
                            away.await();
                            return new WorkEnd.Done("{\"kept\": true}");
                        })) {
            long id = submit("{}");
            begun.await();
            // Every statement on the table fails, as if the database were away.
            sql("alter table work_request rename to hidden");
            try {
                Thread.sleep(300);
                away.countDown();
                Thread.sleep(300);
            } finally {
                sql("alter table hidden rename to work_request");
            }
            assertThat(ended(id).result()).contains("{\"kept\": true}");
            assertThat(ended(submit("{}")).state()).isEqualTo(WorkState.DONE);
        }
    }

    @Test
    void cutConnectionsAreSurvived() throws Exception {
        try (Running _ =
                run(
                        "w",
                        (request, context) -> {
                            begun.countDown();
                            Thread.sleep(500);
                            return new WorkEnd.Done("{}");
                        })) {
            long id = submit("{}");
            begun.await();
            TestDatabases.execute(
                    databases.at("postgres"),
                    "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'worker'");
            await(() -> {
                try {
                    return queue.find(id).orElseThrow().state() == WorkState.DONE;
                } catch (DataAccessResourceFailureException _) {
                    return false; // This was one of the cut connections.
                }
            });
        }
    }

    @Test
    void aWorkerIsRunOnceAndNeedsOneHandlerPerKind() throws Exception {
        WorkerSettings settings = settings("w");
        assertThatThrownBy(() -> new Worker(queue, settings, List.of()))
                .hasMessageContaining("no handler");
        WorkHandler handler = handler((request, context) -> new WorkEnd.Done("{}"));
        assertThatThrownBy(() -> new Worker(queue, settings, List.of(handler, handler)))
                .hasMessageContaining("two handlers of INGEST");
        try (Running running = run("w", this::untilStopped)) {
            await(() -> running.thread.isAlive());
            await(() -> queue.list(1).isEmpty());
            long id = submit("{}");
            begun.await();
            assertThat(running.worker.busy()).isTrue();
            assertThatThrownBy(running.worker::run).isInstanceOf(IllegalStateException.class);
            queue.requestStop(id);
        }
        new Worker(queue, settings, List.of(handler)).close();
    }

    private WorkEnd untilStopped(WorkRow request, WorkContext context) throws InterruptedException {
        begun.countDown();
        await(context::stopRequested);
        return new WorkEnd.Stopped("stopped in order");
    }

    private String failure(String payload) throws InterruptedException {
        WorkRow end = ended(submit(payload));
        assertThat(end.state()).isEqualTo(WorkState.FAILED);
        return end.message();
    }

    private long submit(String payload) {
        return queue.submit(WorkKind.INGEST, "title", payload, "test");
    }

    private WorkRow ended(long id) throws InterruptedException {
        await(() -> queue.find(id).orElseThrow().state().ended());
        return queue.find(id).orElseThrow();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 20 s").isLessThan(end);
            Thread.sleep(10);
        }
    }

    private Running run(String name, Work work) {
        Worker worker = new Worker(queue, settings(name), List.of(handler(work)));
        return new Running(worker, Thread.ofPlatform().start(worker));
    }

    private static WorkerSettings settings(String name) {
        return new WorkerSettings(
                name,
                Duration.ofMillis(50),
                Duration.ofMillis(50),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Set.of(UserError.class));
    }

    private static WorkHandler handler(Work work) {
        return new WorkHandler() {
            @Override
            public WorkKind kind() {
                return WorkKind.INGEST;
            }

            @Override
            public WorkEnd run(WorkRow request, WorkContext context) throws Exception {
                return work.run(request, context);
            }
        };
    }

    private static void sql(String sql) {
        JdbcClient.create(store.dataSource()).sql(sql).update();
    }

    private interface Work {
        WorkEnd run(WorkRow request, WorkContext context) throws Exception;
    }

    private record Running(Worker worker, Thread thread) implements AutoCloseable {
        @Override
        public void close() throws SQLException {
            worker.close();
            assertThat(thread.isAlive() && worker.busy()).isFalse();
        }
    }

    private static final class UserError extends RuntimeException {
        private static final long serialVersionUID = 1;

        UserError(String message) {
            super(message);
        }
    }
}
