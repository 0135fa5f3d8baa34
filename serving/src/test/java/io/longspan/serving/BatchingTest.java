package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.RequestPriority;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.Pooling;
import io.longspan.model.session.InferenceSession;
import io.longspan.serving.model.ServedModels;
import io.longspan.serving.schedule.SchedulerSettings;
import io.longspan.serving.service.Intake;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceRow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What shares a batch, in which order, and who is told to come back. */
final class BatchingTest {
    /** Longer than the window reaches: where it covers a text, no composed backend is called. */
    private static final String BEYOND = " and so on".repeat(20);

    private static final int LONG = 4096;

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static TestServer server;
    private static GatedBackend gate;
    private static LongspanClient client;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        store = POSTGRES.open();
        ServedModelSpec model = TestModels.longformer(folder, "long", 1, LONG);
        SchedulerSettings schedule =
                SchedulerSettings.defaults().withBatch(LONG + 200, 4).withWaitingTokens(3 * LONG);
        server =
                new TestServer(
                        store,
                        ServingSettings.of(List.of(model), folder.resolve("spool"))
                                .withSchedule(schedule),
                        TestModels.backends("loop", b -> gate = new GatedBackend(b)));
        client = server.client();
        channel = server.channel();
    }

    @AfterAll
    static void stop() {
        gate.open();
        channel.shutdownNow();
        client.close();
        server.close();
        store.close();
    }

    @AfterEach
    void open() {
        gate.breaksAbove = Integer.MAX_VALUE;
        gate.open();
    }

    @Test
    void aTextOf4096TokensAndOneOf16ShareABatchWithoutAPad() throws Exception {
        ListenableFuture<EmbedResponse> first = heldEmbed();
        ListenableFuture<EmbedResponse> large = embed(tokens(LONG));
        ListenableFuture<EmbedResponse> small = embed(tokens(16));
        waitUntilWaiting(2);
        gate.open();
        first.get(20, TimeUnit.SECONDS);
        CallInfo one = large.get(20, TimeUnit.SECONDS).getCall();
        CallInfo other = small.get(20, TimeUnit.SECONDS).getCall();
        assertThat(one.getTokens()).isEqualTo(LONG);
        assertThat(other.getTokens()).isEqualTo(16);
        for (CallInfo call : List.of(one, other)) {
            assertThat(call.getBatchSize()).isEqualTo(2);
            assertThat(call.getBatchTokens()).isEqualTo(LONG + 16);
            assertThat(row(call).batchSize()).isEqualTo(2);
        }
        assertThat(one.getComputeTime()).isEqualTo(other.getComputeTime());
        assertThat(gate.tokens).as("tokens that attention saw").isEqualTo(LONG + 16);
        // Sums of libtorch's depend a little on the number of rows.
        assertThat(vector(small)).containsExactly(alone(tokens(16)), within(1e-5f));
    }

    @Test
    void questionsThatWantDifferentNumbersOfGuessesShareABatch() throws Exception {
        ListenableFuture<EmbedResponse> first = heldEmbed();
        ListenableFuture<FillMaskResponse> one = fill("a <mask>" + BEYOND, 1);
        ListenableFuture<FillMaskResponse> seven = fill("the <mask>" + BEYOND, 7);
        ListenableFuture<EmbedResponse> different = embed("other" + BEYOND);
        waitUntilWaiting(3);
        gate.open();
        first.get(20, TimeUnit.SECONDS);
        FillMaskResponse few = one.get(20, TimeUnit.SECONDS);
        assertThat(few.getMasks(0).getPredictionsCount()).isEqualTo(1);
        assertThat(few.getCall().getBatchSize()).isEqualTo(2);
        assertThat(seven.get(20, TimeUnit.SECONDS).getMasks(0).getPredictionsCount()).isEqualTo(7);
        assertThat(different.get(20, TimeUnit.SECONDS).getCall().getBatchSize()).isEqualTo(1);
    }

    @Test
    void theMoreUrgentCallGoesFirst() throws Exception {
        List<String> order = new CopyOnWriteArrayList<>();
        ListenableFuture<EmbedResponse> first = heldEmbed();
        ListenableFuture<EmbedResponse> patient = embed(tokens(LONG), "9");
        ListenableFuture<EmbedResponse> usual = embed(tokens(LONG), "0");
        ListenableFuture<EmbedResponse> urgent = embed(tokens(LONG - 1), "1");
        note(order, "patient", patient);
        note(order, "usual", usual);
        note(order, "urgent", urgent);
        waitUntilWaiting(3);
        gate.open();
        first.get(20, TimeUnit.SECONDS);
        patient.get(20, TimeUnit.SECONDS);
        assertThat(List.copyOf(order).subList(0, 2)).containsExactly("urgent", "usual");
    }

    @Test
    void aPriorityThatIsNoneIsRefused() {
        for (String bad : List.of("10", "-1", "high", "")) {
            StatusRuntimeException failure = failure(embed("text", bad));
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.getStatus().getDescription())
                    .contains("'" + bad + "'")
                    .contains("from 1");
        }
    }

    @Test
    void aFloodOfOneConnectionDoesNotHoldUpAnother() throws Exception {
        ManagedChannel other = server.channel();
        try {
            ListenableFuture<EmbedResponse> first = heldEmbed();
            List<ListenableFuture<EmbedResponse>> flood = new ArrayList<>();
            for (int n = 0; n < 12; n++) {
                flood.add(embed("flood " + n + BEYOND));
            }
            waitUntilWaiting(12);
            ListenableFuture<EmbedResponse> one =
                    InferenceGrpc.newFutureStub(other).embed(request("one" + BEYOND));
            waitUntilWaiting(13);
            gate.open();
            first.get(20, TimeUnit.SECONDS);
            // By the server's clock: this thread may see the answers late.
            Instant ended = ended(one);
            List<Instant> others = new ArrayList<>();
            for (ListenableFuture<EmbedResponse> each : flood) {
                others.add(ended(each));
            }
            assertThat(others).filteredOn(ended::isBefore).hasSizeGreaterThanOrEqualTo(8);
        } finally {
            other.shutdownNow();
        }
    }

    private static Instant ended(ListenableFuture<EmbedResponse> answer) throws Exception {
        InferenceRow row = row(answer.get(20, TimeUnit.SECONDS).getCall());
        return row.at().plusNanos(row.totalNanos());
    }

    @Test
    void moreTokensThanMayWaitAreTurnedAwayWithATimeToComeBack() throws Exception {
        ListenableFuture<EmbedResponse> first = heldEmbed();
        List<ListenableFuture<EmbedResponse>> waiting = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            waiting.add(embed(tokens(LONG)));
        }
        waitUntilWaiting(3);
        StatusRuntimeException failure = failure(embed("one more"));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.getStatus().getDescription()).contains(3 * LONG + " tokens wait");
        com.google.rpc.Status details = StatusProto.fromThrowable(failure);
        RetryInfo retry = details.getDetails(0).unpack(RetryInfo.class);
        long millis =
                retry.getRetryDelay().getSeconds() * 1000
                        + retry.getRetryDelay().getNanos() / 1_000_000;
        assertThat(millis).isBetween(50L, 30_000L);
        waiting.forEach(each -> each.cancel(true));
        waitUntilWaiting(0);
        gate.open();
        first.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aCallThatCannotBeAnsweredInTimeIsToldSoAtOnce() throws Exception {
        client.embed("", tokens(LONG), Pooling.POOLING_MEAN, false);
        ListenableFuture<EmbedResponse> first = heldEmbed();
        ListenableFuture<EmbedResponse> second = embed(tokens(LONG));
        ListenableFuture<EmbedResponse> third = embed(tokens(LONG));
        waitUntilWaiting(2);
        StatusRuntimeException failure =
                failure(
                        InferenceGrpc.newFutureStub(channel)
                                .withDeadlineAfter(30, TimeUnit.MILLISECONDS)
                                .embed(request("no time")));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.getStatus().getDescription()).contains("its deadline is in");
        InferenceRow row = TestServer.rows(store, InferenceId.of(failure).orElseThrow()).getFirst();
        assertThat(row.tokens()).as("tokens of a text that nobody had to tokenise").isZero();
        assertThat(row.tokenizeNanos()).isZero();
        gate.open();
        for (ListenableFuture<EmbedResponse> each : List.of(first, second, third)) {
            each.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRequestThatBreaksABatchDoesNotTakeItsNeighboursWithIt() throws Exception {
        ListenableFuture<EmbedResponse> first = heldEmbed();
        ListenableFuture<EmbedResponse> good = embed("good" + BEYOND);
        ListenableFuture<EmbedResponse> bad = embed(tokens(500));
        waitUntilWaiting(2);
        gate.breaksAbove = 400;
        gate.open();
        first.get(20, TimeUnit.SECONDS);
        assertThat(good.get(20, TimeUnit.SECONDS).getCall().getBatchSize()).isEqualTo(1);
        assertThat(failure(bad).getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    }

    /** What the whole way adds to tokenising and the model, over loopback, the row included. */
    @Test
    void theWayToTheModelAndBackTakesLessThanAMillisecond() {
        long[] overhead = new long[300];
        for (int round = 0; round < 2; round++) {
            for (int n = 0; n < overhead.length; n++) {
                long begin = System.nanoTime();
                CallInfo call = client.embed("", "short", Pooling.POOLING_MEAN, false).getCall();
                overhead[n] =
                        System.nanoTime()
                                - begin
                                - nanos(call.getComputeTime())
                                - nanos(call.getTokenizeTime());
            }
        }
        Arrays.sort(overhead);
        long fast = overhead[overhead.length / 10];
        System.out.println(
                "overhead of a call beyond the model: median "
                        + overhead[overhead.length / 2] / 1000
                        + " us, fastest tenth "
                        + fast / 1000
                        + " us");
        // Of a machine that does other work too, the fastest tenth tells most about this code.
        assertThat(Duration.ofNanos(fast)).isLessThan(Duration.ofMillis(3));
    }

    private static ListenableFuture<EmbedResponse> heldEmbed() throws InterruptedException {
        gate.hold();
        ListenableFuture<EmbedResponse> held = embed("held" + BEYOND);
        assertThat(gate.entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        return held;
    }

    private static ListenableFuture<EmbedResponse> embed(String text) {
        return InferenceGrpc.newFutureStub(channel).embed(request(text));
    }

    private static ListenableFuture<EmbedResponse> embed(String text, String priority) {
        Metadata headers = new Metadata();
        headers.put(RequestPriority.HEADER, priority);
        return InferenceGrpc.newFutureStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .embed(request(text));
    }

    private static EmbedRequest request(String text) {
        return EmbedRequest.newBuilder().setText(text).build();
    }

    private static ListenableFuture<FillMaskResponse> fill(String text, int guesses) {
        return InferenceGrpc.newFutureStub(channel)
                .fillMask(FillMaskRequest.newBuilder().setText(text).setTopK(guesses).build());
    }

    private static void note(
            List<String> order, String name, ListenableFuture<EmbedResponse> call) {
        call.addListener(() -> order.add(name), Runnable::run);
    }

    private static StatusRuntimeException failure(ListenableFuture<?> call) {
        try {
            call.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return (StatusRuntimeException) e.getCause();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("the call succeeded");
    }

    /** A text of so many tokens, the special ones included. */
    private static String tokens(int count) {
        String text = " a".repeat(count - 2);
        assertThat(session().tokenize(text).tokens()).isEqualTo(count);
        return text;
    }

    private static InferenceSession session() {
        return server.context.getBean(ServedModels.class).find("", "").session();
    }

    private static float[] vector(ListenableFuture<EmbedResponse> call) throws Exception {
        return floats(call.get(1, TimeUnit.SECONDS));
    }

    private static float[] alone(String text) {
        EmbedResponse answer = client.embed("", text, Pooling.POOLING_MEAN, false);
        assertThat(answer.getCall().getBatchSize()).isEqualTo(1);
        return floats(answer);
    }

    private static float[] floats(EmbedResponse answer) {
        float[] vector = new float[answer.getVectorCount()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = answer.getVector(i);
        }
        return vector;
    }

    private static long nanos(com.google.protobuf.Duration time) {
        return time.getSeconds() * 1_000_000_000L + time.getNanos();
    }

    private static InferenceRow row(CallInfo call) throws InterruptedException {
        return TestServer.rows(store, call.getInferenceId()).getFirst();
    }

    private static void waitUntilWaiting(int requests) throws InterruptedException {
        Intake intake = server.context.getBean(Intake.class);
        for (int i = 0; i < 500 && intake.waiting() != requests; i++) {
            Thread.sleep(20);
        }
        assertThat(intake.waiting()).isEqualTo(requests);
    }
}
