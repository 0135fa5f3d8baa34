package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.EmbedBatchRequest;
import io.longspan.api.v1.EmbedBatchResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskBatchRequest;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.schedule.SchedulerSettings;
import io.longspan.serving.service.Intake;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceRow;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Many requests in one call, at once and as a stream. */
final class ManyRequestsTest {
    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static TestServer server;
    private static LongspanClient client;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() {
        store = POSTGRES.open();
        ServedModelSpec model = TestModels.longformer(folder, "tiny", 1);
        server =
                new TestServer(
                        store,
                        ServingSettings.of(List.of(model), folder.resolve("spool"))
                                .withSchedule(SchedulerSettings.defaults().withWaiting(12)),
                        TestModels.backends("chunks"));
        client = server.client();
        channel = server.channel();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        client.close();
        server.close();
        store.close();
    }

    @Test
    void aBatchAnswersInOrderWhatSingleCallsAnswerAndHasOneRow() throws Exception {
        EmbedBatchResponse answer =
                InferenceGrpc.newBlockingStub(channel)
                        .embedBatch(
                                EmbedBatchRequest.newBuilder().addAllRequests(texts(8)).build());
        assertThat(answer.getAnswersCount()).isEqualTo(8);
        int tokens = 0;
        for (int n = 0; n < 8; n++) {
            EmbedResponse alone = client.embed(texts(8).get(n));
            assertThat(floats(answer.getAnswers(n))).containsExactly(floats(alone), within(1e-5f));
            tokens += answer.getAnswers(n).getCall().getTokens();
        }
        String id = answer.getAnswers(0).getCall().getInferenceId();
        assertThat(answer.getAnswersList())
                .allMatch(each -> each.getCall().getInferenceId().equals(id));
        InferenceRow row = TestServer.rows(store, id).getFirst();
        assertThat(row.tokens()).isEqualTo(tokens);
        assertThat(row.method()).isEqualTo("longspan.v1.Inference/EmbedBatch");
        assertThat(row.status()).isEqualTo("OK");
        assertThat(row.batchSize())
                .isEqualTo(
                        answer.getAnswersList().stream()
                                .mapToInt(each -> each.getCall().getBatchSize())
                                .max()
                                .orElseThrow());
    }

    @Test
    void oneBadRequestIsNamedAndFailsTheBatch() throws Exception {
        FillMaskBatchRequest request =
                FillMaskBatchRequest.newBuilder()
                        .addRequests(FillMaskRequest.newBuilder().setText("a <mask>"))
                        .addRequests(FillMaskRequest.newBuilder().setText("no mask"))
                        .build();
        StatusRuntimeException failure =
                failure(() -> InferenceGrpc.newBlockingStub(channel).fillMaskBatch(request));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.getStatus().getDescription())
                .startsWith("request 1: the text has no <mask>");
        assertThat(server.context.getBean(Intake.class).waiting()).isZero();
    }

    @Test
    void aBatchOfNoneAndOneThatIsTooLargeAreRefused() {
        for (int count : new int[] {0, 1025}) {
            EmbedBatchRequest request =
                    EmbedBatchRequest.newBuilder().addAllRequests(texts(count)).build();
            StatusRuntimeException failure =
                    failure(() -> InferenceGrpc.newBlockingStub(channel).embedBatch(request));
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(failure.getStatus().getDescription()).contains("is " + count + ";");
        }
    }

    @Test
    void aBatchThatDoesNotFitIntoTheLineIsRefusedWhole() throws Exception {
        EmbedBatchRequest request =
                EmbedBatchRequest.newBuilder().addAllRequests(texts(1000)).build();
        StatusRuntimeException failure =
                failure(() -> InferenceGrpc.newBlockingStub(channel).embedBatch(request));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        for (int i = 0; i < 200 && server.context.getBean(Intake.class).waiting() > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(client.embed("", "room again", Pooling.POOLING_MEAN, false).getVectorCount())
                .isPositive();
    }

    /** Sixty are more than may wait: the stream slows down instead of ending. */
    @Test
    void aStreamAnswersInOrderAndWaitsForRoom() throws Exception {
        Answers<EmbedResponse> answers = new Answers<>();
        StreamObserver<EmbedRequest> requests = InferenceGrpc.newStub(channel).embedStream(answers);
        List<EmbedRequest> texts = texts(60);
        texts.forEach(requests::onNext);
        requests.onCompleted();
        answers.end.get(30, TimeUnit.SECONDS);
        assertThat(answers.got).hasSize(60);
        for (int n = 0; n < 60; n += 13) {
            assertThat(floats(answers.got.get(n)))
                    .containsExactly(floats(client.embed(texts.get(n))), within(1e-5f));
        }
        String id = answers.got.getFirst().getCall().getInferenceId();
        assertThat(TestServer.rows(store, id))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo("OK");
                    assertThat(row.tokens())
                            .isEqualTo(
                                    answers.got.stream()
                                            .mapToInt(a -> a.getCall().getTokens())
                                            .sum());
                });
    }

    @Test
    void aStreamAnswersOneByOneBeforeTheNextIsSent() throws Exception {
        Answers<EmbedResponse> answers = new Answers<>();
        StreamObserver<EmbedRequest> requests = InferenceGrpc.newStub(channel).embedStream(answers);
        for (int n = 0; n < 3; n++) {
            requests.onNext(texts(3).get(n));
            for (int i = 0; i < 500 && answers.got.size() <= n; i++) {
                Thread.sleep(10);
            }
            assertThat(answers.got).hasSize(n + 1);
        }
        requests.onCompleted();
        answers.end.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aStreamEndsAtTheFirstBadRequestAfterTheAnswersBeforeIt() throws Exception {
        Answers<FillMaskResponse> answers = new Answers<>();
        StreamObserver<FillMaskRequest> requests =
                InferenceGrpc.newStub(channel).fillMaskStream(answers);
        for (String text : List.of("a <mask>", "the <mask>", "none", "one <mask>")) {
            requests.onNext(FillMaskRequest.newBuilder().setText(text).build());
        }
        StatusRuntimeException failure = answers.failure();
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure.getStatus().getDescription())
                .startsWith("request 2: the text has no <mask>");
        assertThat(answers.got).hasSize(2);
        assertThat(TestServer.rows(store, InferenceId.of(failure).orElseThrow()))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.method()).isEqualTo("longspan.v1.Inference/FillMaskStream");
                    assertThat(row.status()).isEqualTo("INVALID_ARGUMENT");
                });
    }

    @Test
    void aCancelledStreamLeavesNothingInTheLine() throws Exception {
        Answers<EmbedResponse> answers = new Answers<>();
        StreamObserver<EmbedRequest> requests = InferenceGrpc.newStub(channel).embedStream(answers);
        texts(30).forEach(requests::onNext);
        requests.onError(Status.CANCELLED.asRuntimeException());
        assertThat(answers.failure().getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
        Intake intake = server.context.getBean(Intake.class);
        for (int i = 0; i < 500 && intake.waiting() > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(intake.waiting()).isZero();
        assertThat(client.embed("", "still there", Pooling.POOLING_MEAN, false).getVectorCount())
                .isPositive();
    }

    private static final class Answers<A> implements StreamObserver<A> {
        private final List<A> got = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Boolean> end = new CompletableFuture<>();

        @Override
        public void onNext(A answer) {
            got.add(answer);
        }

        @Override
        public void onError(Throwable problem) {
            end.completeExceptionally(problem);
        }

        @Override
        public void onCompleted() {
            end.complete(true);
        }

        StatusRuntimeException failure() throws Exception {
            return (StatusRuntimeException)
                    end.handle((_, problem) -> problem).get(10, TimeUnit.SECONDS);
        }
    }

    private static List<EmbedRequest> texts(int count) {
        return IntStream.range(0, count)
                .mapToObj(n ->
                        EmbedRequest.newBuilder()
                                .setText("text " + n + " a".repeat(n % 40))
                                .build())
                .toList();
    }

    private static float[] floats(EmbedResponse answer) {
        float[] vector = new float[answer.getVectorCount()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = answer.getVector(i);
        }
        return vector;
    }

    private static StatusRuntimeException failure(java.util.function.Supplier<?> call) {
        try {
            throw new AssertionError("the call succeeded: " + call.get());
        } catch (StatusRuntimeException e) {
            return e;
        }
    }
}
