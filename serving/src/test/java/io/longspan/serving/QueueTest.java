package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.InferenceRow;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.schedule.SchedulerSettings;
import io.longspan.serving.service.Intake;
import io.longspan.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server with one thread and room for two that wait, whose model can be held. */
final class QueueTest {
    /** Longer than the window reaches: where it covers a text, no composed backend is called. */
    private static final String BEYOND = " and so on".repeat(20);

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static ServedModelSpec model;

    private TestServer server;
    private LongspanClient client;
    private ManagedChannel channel;
    private GatedBackend gate;
    private String name;

    @BeforeAll
    static void open() {
        store = POSTGRES.open();
        model = TestModels.longformer(folder, "tiny", 1);
    }

    @AfterAll
    static void closeStore() {
        store.close();
    }

    /** A name for each test, so that the rows of a test are its own. */
    @BeforeEach
    void start(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        ServedModelSpec named = new ServedModelSpec(name, Optional.empty(), model.folder());
        server =
                new TestServer(
                        store,
                        ServingSettings.of(List.of(named), folder.resolve("spool"))
                                .withSchedule(SchedulerSettings.defaults().withWaiting(2)),
                        TestModels.backends("loop", b -> gate = new GatedBackend(b)));
        client = server.client();
        channel = server.channel();
    }

    @AfterEach
    void stop() {
        gate.open();
        channel.shutdownNow();
        client.close();
        server.close();
    }

    @Test
    void aCancelledCallInTheQueueNeverReachesTheModelAndFreesItsPlace() throws Exception {
        gate.hold();
        ListenableFuture<EmbedResponse> running = embed("runs");
        assertThat(gate.entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        ListenableFuture<EmbedResponse> waiting = embed("waits and goes");
        ListenableFuture<EmbedResponse> behind = embed("waits behind");
        waitUntilWaiting(2);
        assertThat(waiting.cancel(true)).isTrue();
        waitUntilWaiting(1);
        ListenableFuture<EmbedResponse> late = embed("takes the free place");
        waitUntilWaiting(2);
        int before = gate.calls.get();
        gate.open();
        running.get(10, TimeUnit.SECONDS);
        behind.get(10, TimeUnit.SECONDS);
        late.get(10, TimeUnit.SECONDS);
        // Two layers each; the one that is inside has been counted for its first, and the two that
        // waited share a batch.
        assertThat(gate.calls.get() - before).isEqualTo(3);
        assertThat(behind.get().getCall().getBatchSize()).isEqualTo(2);
        assertThat(statuses(4)).containsExactly("CANCELLED", "OK", "OK", "OK");
        assertThat(ownRows(4))
                .filteredOn(row -> row.getStatus().equals("CANCELLED"))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.getTokens()).isPositive();
                    assertThat(row.getBatchSize()).isZero();
                });
    }

    @Test
    void aDeadlineThatPassesInTheQueueIsOneRowAndNoRun() throws Exception {
        gate.hold();
        ListenableFuture<EmbedResponse> running = embed("runs");
        assertThat(gate.entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        StatusRuntimeException failure =
                failure(client.withDeadline(Duration.ofMillis(300)), "too late");
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        waitUntilWaiting(0);
        int before = gate.calls.get();
        gate.open();
        running.get(10, TimeUnit.SECONDS);
        assertThat(gate.calls.get() - before).isEqualTo(1);
        assertThat(statuses(2)).containsExactly("DEADLINE_EXCEEDED", "OK");
    }

    @Test
    void aDeadlineThatPassesInTheModelIsOneRow() throws Exception {
        gate.hold();
        StatusRuntimeException failure =
                failure(client.withDeadline(Duration.ofMillis(300)), "slow");
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        // An answer that leaves before the server's own timer goes off would be on its way as OK.
        assertThat(statuses(1)).containsExactly("DEADLINE_EXCEEDED");
        gate.open();
        client.embed("", "next", Pooling.POOLING_MEAN, false);
        assertThat(statuses(2)).containsExactly("DEADLINE_EXCEEDED", "OK");
    }

    /** The client's timer and the server's race; the client always received the same. */
    @Test
    void aPassedDeadlineIsNeverTakenForACancel() throws Exception {
        gate.hold();
        ListenableFuture<EmbedResponse> running = embed("runs");
        assertThat(gate.entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        for (int call = 0; call < 30; call++) {
            StatusRuntimeException failure =
                    failure(client.withDeadline(Duration.ofMillis(20 + call)), "late");
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
        gate.open();
        running.get(10, TimeUnit.SECONDS);
        List<String> all = new ArrayList<>(Collections.nCopies(30, "DEADLINE_EXCEEDED"));
        all.add("OK");
        assertThat(statuses(31)).isEqualTo(all);
    }

    @Test
    void oneMoreThanMayWaitIsTurnedAwayWithARow() throws Exception {
        gate.hold();
        ListenableFuture<EmbedResponse> running = embed("runs");
        assertThat(gate.entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        List<ListenableFuture<EmbedResponse>> waiting = List.of(embed("one"), embed("two"));
        waitUntilWaiting(2);
        StatusRuntimeException failure = failure(client, "three");
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.getStatus().getDescription())
                .contains("2 requests wait for a model")
                .contains("try again");
        String comeBack =
                failure.getTrailers()
                        .get(
                                Metadata.Key.of(
                                        "grpc-retry-pushback-ms",
                                        Metadata.ASCII_STRING_MARSHALLER));
        assertThat(Long.parseLong(comeBack)).isBetween(50L, 30_000L);
        assertThat(TestServer.rows(store, InferenceId.of(failure).orElseThrow()))
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isEqualTo("RESOURCE_EXHAUSTED"));
        gate.open();
        running.get(10, TimeUnit.SECONDS);
        for (ListenableFuture<EmbedResponse> each : waiting) {
            each.get(10, TimeUnit.SECONDS);
        }
        client.embed("", "room again", Pooling.POOLING_MEAN, false);
        assertThat(statuses(5)).containsExactly("OK", "OK", "OK", "OK", "RESOURCE_EXHAUSTED");
    }

    @Test
    void aBrokenBackendIsInternalWithoutItsText() throws Exception {
        gate.broken = true;
        StatusRuntimeException failure = failure(client, "text");
        gate.broken = false;
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(failure.getStatus().getDescription()).doesNotContain("secret");
        assertThat(TestServer.rows(store, InferenceId.of(failure).orElseThrow()))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo("INTERNAL");
                    assertThat(row.message()).doesNotContain("secret");
                    assertThat(row.tokens()).isPositive();
                });
        client.embed("", "still alive", Pooling.POOLING_MEAN, false);
    }

    @Test
    void aStopFinishesWhatRunsAndMovesItsRow() throws Exception {
        gate.hold();
        ListenableFuture<EmbedResponse> running = embed("runs to its end");
        assertThat(gate.entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        Thread stopping = Thread.ofPlatform().start(server::close);
        // Until a new call is refused the stop has not begun.
        for (int i = 0; i < 500 && isOpen(); i++) {
            Thread.sleep(20);
        }
        gate.open();
        String id = running.get(10, TimeUnit.SECONDS).getCall().getInferenceId();
        stopping.join(20_000);
        assertThat(stopping.isAlive()).isFalse();
        assertThat(TestServer.rows(store, id))
                .singleElement()
                .satisfies(row -> assertThat(row.status()).isEqualTo("OK"));
    }

    private boolean isOpen() {
        try (LongspanClient fresh = server.client().withDeadline(Duration.ofSeconds(1))) {
            fresh.models();
            return true;
        } catch (StatusRuntimeException e) {
            return false;
        }
    }

    private ListenableFuture<EmbedResponse> embed(String text) {
        return InferenceGrpc.newFutureStub(channel)
                .embed(EmbedRequest.newBuilder().setText(text + BEYOND).build());
    }

    private static StatusRuntimeException failure(LongspanClient caller, String text) {
        try {
            caller.embed("", text + BEYOND, Pooling.POOLING_MEAN, false);
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call succeeded");
    }

    private void waitUntilWaiting(int requests) throws InterruptedException {
        Intake pool = server.context.getBean(Intake.class);
        for (int i = 0; i < 500 && pool.waiting() != requests; i++) {
            Thread.sleep(20);
        }
        assertThat(pool.waiting()).isEqualTo(requests);
    }

    /** The statuses of this test's rows, once there are as many as calls. */
    private List<String> statuses(int calls) throws InterruptedException {
        return ownRows(calls).stream().map(InferenceRow::getStatus).sorted().toList();
    }

    private List<InferenceRow> ownRows(int calls) throws InterruptedException {
        List<InferenceRow> rows = new ArrayList<>();
        for (int i = 0; i < 250 && rows.size() < calls; i++) {
            Thread.sleep(20);
            rows = client.inferences(ListInferencesRequest.newBuilder().setModel(name).build());
        }
        return rows;
    }
}
