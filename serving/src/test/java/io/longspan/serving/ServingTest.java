package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.longspan.api.InferenceId;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.CallInfo;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.FillMaskRequest;
import io.longspan.api.v1.FillMaskResponse;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.ModelDescription;
import io.longspan.api.v1.ModelRef;
import io.longspan.api.v1.Pooling;
import io.longspan.api.v1.TokenPrediction;
import io.longspan.model.session.InferenceSession;
import io.longspan.model.session.TokenGuess;
import io.longspan.serving.model.ServedModels;
import io.longspan.store.Store;
import io.longspan.store.inference.InferenceFilter;
import io.longspan.store.inference.InferenceRow;
import io.longspan.store.model.ModelRow;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class ServingTest {
    private static final String TEXT = "The <mask> sat on the mat, and the <mask> looked on.";

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static TestServer server;
    private static LongspanClient client;

    @BeforeAll
    static void start() throws IOException {
        store = POSTGRES.open();
        ServedModelSpec tiny = TestModels.longformer(folder, "tiny", 1);
        List<ServedModelSpec> models =
                List.of(
                        tiny,
                        TestModels.longformer(folder, "other", 2),
                        TestModels.encoder(tiny, "encoder"));
        server =
                new TestServer(
                        store,
                        ServingSettings.of(models, folder.resolve("spool")),
                        TestModels.backends("chunks"),
                        "spring.grpc.server.inbound.message.max-size=64KB",
                        "spring.grpc.server.reflection.enabled=true");
        client = server.client();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
        store.close();
    }

    @Test
    void guessesEqualThoseOfTheSessionAndTheirRowTellsTheSame() throws InterruptedException {
        FillMaskResponse answer = client.fillMask("tiny", TEXT, 4);
        InferenceSession session = session("tiny");
        var expected = session.fillMask(List.of(session.tokenize(TEXT)), 4).getFirst();
        assertThat(answer.getMasksCount()).isEqualTo(2);
        for (int m = 0; m < 2; m++) {
            assertThat(answer.getMasks(m).getPosition()).isEqualTo(expected.get(m).position());
            List<TokenGuess> guesses = expected.get(m).guesses();
            List<TokenPrediction> predictions = answer.getMasks(m).getPredictionsList();
            assertThat(predictions)
                    .extracting(TokenPrediction::getTokenId)
                    .containsExactlyElementsOf(guesses.stream().map(TokenGuess::id).toList());
            assertThat(predictions)
                    .extracting(TokenPrediction::getToken)
                    .containsExactlyElementsOf(guesses.stream().map(TokenGuess::text).toList());
            for (int k = 0; k < 4; k++) {
                assertThat(predictions.get(k).getProbability())
                        .isCloseTo(guesses.get(k).probability(), within(1e-6f));
            }
        }
        CallInfo call = answer.getCall();
        List<InferenceRow> rows = TestServer.rows(store, call.getInferenceId());
        assertThat(rows).hasSize(1);
        InferenceRow row = rows.getFirst();
        assertThat(row.status()).isEqualTo("OK");
        assertThat(row.message()).isEmpty();
        assertThat(row.id().version()).isEqualTo(7);
        assertThat(row.method()).isEqualTo("longspan.v1.Inference/FillMask");
        assertThat(row.caller()).isEqualTo("anonymous");
        assertThat(row.model()).isEqualTo(call.getModel()).isEqualTo("tiny");
        assertThat(row.modelVersion()).isEqualTo(call.getModelVersion()).hasSize(12);
        assertThat(row.backend()).isEqualTo(call.getBackend()).isEqualTo("chunks");
        assertThat(row.backendVersion()).isEqualTo(call.getBackendVersion()).isNotEmpty();
        assertThat(row.precision()).isEqualTo(call.getPrecision()).isEqualTo("fp32");
        assertThat(row.tokens())
                .isEqualTo(call.getTokens())
                .isEqualTo(session.tokenize(TEXT).tokens());
        assertThat(row.batchSize()).isEqualTo(call.getBatchSize()).isEqualTo(1);
        assertThat(row.computeNanos()).isPositive().isEqualTo(nanos(call.getComputeTime()));
        assertThat(row.queueNanos()).isPositive().isEqualTo(nanos(call.getQueueTime()));
        assertThat(row.tokenizeNanos()).isPositive().isEqualTo(nanos(call.getTokenizeTime()));
        assertThat(row.totalNanos())
                .isGreaterThan(row.tokenizeNanos() + row.queueNanos() + row.computeNanos());
        FillMaskRequest request =
                FillMaskRequest.newBuilder()
                        .setModel(ModelRef.newBuilder().setName("tiny"))
                        .setText(TEXT)
                        .setTopK(4)
                        .build();
        assertThat(row.payloadDigest()).isEqualTo(sha256(request.toByteArray()));
    }

    @Test
    void vectorsEqualThoseOfTheSession() {
        InferenceSession session = session("other");
        for (Pooling pooling :
                List.of(Pooling.POOLING_UNSPECIFIED, Pooling.POOLING_MEAN, Pooling.POOLING_FIRST)) {
            EmbedResponse answer = client.embed("other", "some text", pooling, true);
            boolean first = pooling == Pooling.POOLING_FIRST;
            float[] expected =
                    session.embed(
                                    List.of(session.tokenize("some text")),
                                    first
                                            ? io.longspan.model.session.Pooling.FIRST
                                            : io.longspan.model.session.Pooling.MEAN,
                                    true)
                            .getFirst();
            assertThat(answer.getPooling())
                    .isEqualTo(first ? Pooling.POOLING_FIRST : Pooling.POOLING_MEAN);
            assertThat(answer.getVectorCount()).isEqualTo(64);
            for (int i = 0; i < 64; i++) {
                assertThat(answer.getVector(i)).isCloseTo(expected[i], within(1e-6f));
            }
        }
    }

    /** The encoder has the weights of the other one, and no head. */
    @Test
    void aModelWithoutAHeadEmbedsLikeTheOneWithIt() {
        assertThat(client.describe("encoder").getTask()).isEqualTo("encoder");
        assertThat(client.embed("encoder", "x y", Pooling.POOLING_MEAN, false).getVectorList())
                .isEqualTo(
                        client.embed("tiny", "x y", Pooling.POOLING_MEAN, false).getVectorList());
    }

    @Test
    void theLogKnowsAnInferenceAsSoonAsItsAnswerIsThere() {
        for (int i = 0; i < 10; i++) {
            String id =
                    client.embed("tiny", "text " + i, Pooling.POOLING_MEAN, false)
                            .getCall()
                            .getInferenceId();
            assertThat(
                            client.inferences(
                                    ListInferencesRequest.newBuilder().setInferenceId(id).build()))
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.getInferenceId()).isEqualTo(id);
                        assertThat(row.getStatus()).isEqualTo("OK");
                        assertThat(row.getTokens()).isPositive();
                    });
        }
        assertThat(client.inferences(ListInferencesRequest.newBuilder().setLimit(3).build()))
                .hasSize(3);
    }

    static Stream<Arguments> refusedCalls() {
        FillMaskRequest fill =
                FillMaskRequest.newBuilder()
                        .setModel(ModelRef.newBuilder().setName("tiny"))
                        .setText(TEXT)
                        .build();
        ModelRef tiny = fill.getModel();
        EmbedRequest embed = EmbedRequest.newBuilder().setModel(tiny).setText("x").build();
        return Stream.of(
                Arguments.of(fill.toBuilder().setText("").build(), "INVALID_ARGUMENT", "is empty"),
                Arguments.of(
                        fill.toBuilder().setText("no mask").build(),
                        "INVALID_ARGUMENT",
                        "no <mask>"),
                Arguments.of(
                        fill.toBuilder().setTopK(101).build(),
                        "INVALID_ARGUMENT",
                        "is 101; it must be from 1 to 100"),
                Arguments.of(
                        fill.toBuilder().setTopK(-1).build(), "INVALID_ARGUMENT", "is -1; it must"),
                Arguments.of(
                        fill.toBuilder().setText("<mask>".repeat(700)).build(),
                        "INVALID_ARGUMENT",
                        "702 tokens, 102 more than the 600"),
                Arguments.of(
                        fill.toBuilder().clearModel().build(),
                        "INVALID_ARGUMENT",
                        "name one of 'encoder', 'other', 'tiny'"),
                Arguments.of(
                        fill.toBuilder().setModel(tiny.toBuilder().setName("tiy")).build(),
                        "NOT_FOUND",
                        "model 'tiy' is not served here; served: 'encoder', 'other', 'tiny'"),
                Arguments.of(
                        fill.toBuilder()
                                .setModel(tiny.toBuilder().setName("a\0\n\ud83d\ude00"))
                                .build(),
                        "NOT_FOUND",
                        "is not served here"),
                Arguments.of(
                        fill.toBuilder().setModel(tiny.toBuilder().setVersion("v9")).build(),
                        "NOT_FOUND",
                        "version 'v9' of model 'tiny'"),
                Arguments.of(
                        fill.toBuilder().setModel(tiny.toBuilder().setName("encoder")).build(),
                        "FAILED_PRECONDITION",
                        "has no language-model head, its task is encoder"),
                Arguments.of(embed.toBuilder().setText("").build(), "INVALID_ARGUMENT", "is empty"),
                Arguments.of(
                        embed.toBuilder().setPoolingValue(7).build(),
                        "INVALID_ARGUMENT",
                        "pooling is 7"));
    }

    @ParameterizedTest
    @MethodSource("refusedCalls")
    void everyRefusedCallHasOneRowWithTheStatusThatTheClientGot(
            Object request, String code, String message) throws InterruptedException {
        StatusRuntimeException failure =
                failure(() -> {
                    switch (request) {
                        case FillMaskRequest fill -> client.fillMask(fill);
                        case EmbedRequest embed -> client.embed(embed);
                        default -> throw new IllegalArgumentException();
                    }
                });
        assertThat(failure.getStatus().getCode().name()).isEqualTo(code);
        assertThat(failure.getStatus().getDescription()).contains(message);
        List<InferenceRow> rows = TestServer.rows(store, InferenceId.of(failure).orElseThrow());
        assertThat(rows)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.status()).isEqualTo(code);
                    assertThat(row.message()).isEqualTo(failure.getStatus().getDescription());
                    assertThat(row.payloadDigest()).hasSize(64);
                    assertThat(row.totalNanos()).isPositive();
                    assertThat(row.batchSize()).isZero();
                });
    }

    @Test
    void aMessageOverTheLimitHasARowToo() throws InterruptedException {
        StatusRuntimeException failure =
                failure(() -> client.embed("tiny", "x".repeat(70_000), Pooling.POOLING_MEAN, true));
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        List<InferenceRow> rows =
                TestServer.waitFor(
                        store,
                        new InferenceFilter(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("RESOURCE_EXHAUSTED"),
                                10));
        assertThat(rows)
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.method()).isEqualTo("longspan.v1.Inference/Embed");
                    assertThat(row.message()).isEqualTo(failure.getStatus().getDescription());
                });
    }

    @Test
    void bytesThatAreNoMessageHaveARowWithTheirDigest() throws InterruptedException {
        byte[] garbled = {10, 99, 1};
        ManagedChannel channel = server.channel();
        try {
            StatusRuntimeException failure = raw(channel, "longspan.v1.Inference/Embed", garbled);
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(TestServer.rows(store, InferenceId.of(failure).orElseThrow()))
                    .singleElement()
                    .satisfies(row -> {
                        assertThat(row.status()).isEqualTo(failure.getStatus().getCode().name());
                        assertThat(row.payloadDigest()).isEqualTo(sha256(garbled));
                    });
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void theLogIsSearchedByCallerAndTimeAndKeepsNothingOfWhatWasSaid() throws InterruptedException {
        String id =
                client.embed("tiny", "a text", Pooling.POOLING_MEAN, true)
                        .getCall()
                        .getInferenceId();
        InferenceRow row = TestServer.rows(store, id).getFirst();
        ListInferencesRequest.Builder around =
                ListInferencesRequest.newBuilder()
                        .setInferenceId(id)
                        .setCaller("anonymous")
                        .setFrom(time(row.at()))
                        .setTo(time(row.at().plusNanos(1000)));
        assertThat(client.inferences(around.build())).hasSize(1);
        assertThat(client.inferences(around.clone().setCaller("else").build())).isEmpty();
        assertThat(client.inferences(around.clone().setTo(time(row.at())).build())).isEmpty();
        assertThat(
                        client.inferences(
                                around.clone().setFrom(time(row.at().plusNanos(1000))).build()))
                .isEmpty();
        assertThat(
                        failure(() ->
                                        client.inferences(
                                                around.clone()
                                                        .setTo(Timestamp.newBuilder().setNanos(-1))
                                                        .build()))
                                .getStatus()
                                .getCode())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(failure(() -> client.payload(id)).getStatus().getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(store.payloads().count()).isZero();
    }

    private static Timestamp time(Instant at) {
        return Timestamp.newBuilder()
                .setSeconds(at.getEpochSecond())
                .setNanos(at.getNano())
                .build();
    }

    @Test
    void aMethodThatDoesNotExistHasARowToo() throws InterruptedException {
        // The channel stays open until the row is there: the framework ends such a call without us.
        ManagedChannel channel = server.channel();
        try {
            StatusRuntimeException failure =
                    raw(channel, "longspan.v1.Inference/Nothing", new byte[0]);
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            InferenceFilter filter =
                    new InferenceFilter(
                            Optional.empty(), Optional.empty(), Optional.of("UNIMPLEMENTED"), 10);
            assertThat(TestServer.waitFor(store, filter))
                    .singleElement()
                    .satisfies(row ->
                            assertThat(row.method()).isEqualTo("longspan.v1.Inference/Nothing"));
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void theTimerOfEveryCallKnowsTheStatusThatTheClientGot() throws InterruptedException {
        client.embed("tiny", "measured", Pooling.POOLING_MEAN, false);
        failure(() -> client.embed("tiny", "", Pooling.POOLING_MEAN, false));
        failure(() -> client.describe("nobody"));
        MeterRegistry meters = server.context.getBean(MeterRegistry.class);
        assertThat(timer(meters, "Embed", "OK").count()).isPositive();
        assertThat(timer(meters, "Embed", "INVALID_ARGUMENT").count()).isPositive();
        assertThat(timer(meters, "Describe", "NOT_FOUND").count()).isPositive();
        assertThat(meters.get("longspan.inference.waiting").gauge().value()).isZero();
        assertThat(meters.get("longspan.inference.untracked").functionCounter().count()).isZero();
    }

    @Test
    void modelsAreDescribedAndRegisteredWithTheirDigest() throws Exception {
        assertThat(client.models())
                .extracting(ModelDescription::getName)
                .containsExactly("encoder", "other", "tiny");
        ModelDescription tiny = client.describe("tiny");
        String digest = sha256(Files.readAllBytes(folder.resolve("tiny/model.safetensors")));
        assertThat(tiny.getDigest()).isEqualTo(digest);
        assertThat(tiny.getVersion()).isEqualTo(digest.substring(0, 12));
        assertThat(tiny.getTask()).isEqualTo("masked-lm");
        assertThat(tiny.getArchitecture()).isEqualTo("longformer");
        assertThat(tiny.getMaxTokens()).isEqualTo(TestModels.LONGEST);
        assertThat(tiny.getHiddenSize()).isEqualTo(64);
        assertThat(tiny.getLayers()).isEqualTo(2);
        assertThat(tiny.getWindowsList()).containsExactly(32, 32);
        assertThat(tiny.getParameters()).isGreaterThan(50265L * 64);
        ModelRow registered = store.models().newest("tiny").orElseThrow();
        assertThat(registered.digest()).isEqualTo(digest);
        assertThat(registered.version()).isEqualTo(tiny.getVersion());
        assertThat(registered.parameters()).isEqualTo(tiny.getParameters());
        assertThat(registered.maxTokens()).isEqualTo(TestModels.LONGEST);
        assertThat(server.context.getBean(ServingStatus.class).models())
                .extracting(ServingStatus.Model::selectionReport)
                .containsOnly("{\"chosen\":\"chunks\"}");
    }

    @Test
    void badQuestionsToTheLogAreRefused() {
        for (ListInferencesRequest request :
                List.of(
                        ListInferencesRequest.newBuilder().setLimit(1001).build(),
                        ListInferencesRequest.newBuilder().setLimit(-1).build(),
                        ListInferencesRequest.newBuilder().setInferenceId("x").build(),
                        ListInferencesRequest.newBuilder().setStatus("FINE").build(),
                        ListInferencesRequest.newBuilder().setModel("\0").build())) {
            assertThat(failure(() -> client.inferences(request)).getStatus().getCode())
                    .isEqualTo(Status.Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void healthNamesEveryModelAndReflectionEveryService() throws InterruptedException {
        ManagedChannel channel = server.channel();
        try {
            HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
            for (String service :
                    List.of(
                            "",
                            "longspan.v1.Inference",
                            "longspan.model.tiny",
                            "longspan.model.other")) {
                assertThat(
                                health.check(
                                                HealthCheckRequest.newBuilder()
                                                        .setService(service)
                                                        .build())
                                        .getStatus())
                        .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
            }
            assertThat(reflected(channel))
                    .contains(
                            "longspan.v1.Inference",
                            "longspan.v1.Models",
                            "longspan.v1.Inferences",
                            "grpc.health.v1.Health");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void theServerListensOnLoopbackUnlessToldOtherwise() {
        assertThat(server.address.getAddress()).matches(InetAddress::isLoopbackAddress);
    }

    @Test
    void manyCallersAtOnceEachGetTheirOwnAnswerAndRow() throws InterruptedException {
        int callers = 64;
        ConcurrentLinkedQueue<String> ids = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> problems = new ConcurrentLinkedQueue<>();
        List<float[]> expected = new ArrayList<>();
        InferenceSession session = session("tiny");
        for (int i = 0; i < 4; i++) {
            expected.add(
                    session.embed(
                                    List.of(session.tokenize("caller " + i)),
                                    io.longspan.model.session.Pooling.MEAN,
                                    false)
                            .getFirst());
        }
        List<Thread> threads = new ArrayList<>();
        for (int c = 0; c < callers; c++) {
            int mine = c % 4;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    EmbedResponse answer =
                                            client.embed(
                                                    "tiny",
                                                    "caller " + mine,
                                                    Pooling.POOLING_MEAN,
                                                    false);
                                    assertThat(answer.getVector(5))
                                            .isCloseTo(expected.get(mine)[5], within(1e-6f));
                                    ids.add(answer.getCall().getInferenceId());
                                } catch (RuntimeException | AssertionError e) {
                                    problems.add(e);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(problems).isEmpty();
        assertThat(ids).hasSize(callers).doesNotHaveDuplicates();
        for (String id : ids) {
            assertThat(TestServer.rows(store, id)).hasSize(1);
        }
    }

    private static InferenceSession session(String model) {
        return server.context.getBean(ServedModels.class).find(model, "").session();
    }

    private static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call succeeded");
    }

    /** A call is measured when it has ended, which may be just after its client knows. */
    private static Timer timer(MeterRegistry meters, String method, String code)
            throws InterruptedException {
        Timer found = null;
        for (int i = 0; i < 250 && found == null; i++) {
            found =
                    meters.find("longspan.calls")
                            .tag(
                                    "method",
                                    "longspan.v1."
                                            + (method.equals("Describe") ? "Models/" : "Inference/")
                                            + method)
                            .tag("status", code)
                            .timer();
            Thread.sleep(20);
        }
        assertThat(found).as("%s %s", method, code).isNotNull();
        return found;
    }

    private static StatusRuntimeException raw(
            ManagedChannel channel, String method, byte[] message) {
        MethodDescriptor.Marshaller<byte[]> bytes =
                new MethodDescriptor.Marshaller<>() {
                    @Override
                    public InputStream stream(byte[] value) {
                        return new ByteArrayInputStream(value);
                    }

                    @Override
                    public byte[] parse(InputStream stream) {
                        return new byte[0];
                    }
                };
        return failure(() ->
                ClientCalls.blockingUnaryCall(
                        channel,
                        MethodDescriptor.<byte[], byte[]>newBuilder()
                                .setType(MethodDescriptor.MethodType.UNARY)
                                .setFullMethodName(method)
                                .setRequestMarshaller(bytes)
                                .setResponseMarshaller(bytes)
                                .build(),
                        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                        message));
    }

    private static List<String> reflected(ManagedChannel channel) throws InterruptedException {
        List<String> services = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1);
        StreamObserver<ServerReflectionRequest> question =
                ServerReflectionGrpc.newStub(channel)
                        .serverReflectionInfo(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ServerReflectionResponse response) {
                                        response.getListServicesResponse()
                                                .getServiceList()
                                                .forEach(s -> services.add(s.getName()));
                                    }

                                    @Override
                                    public void onError(Throwable problem) {
                                        done.countDown();
                                    }

                                    @Override
                                    public void onCompleted() {
                                        done.countDown();
                                    }
                                });
        question.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        question.onCompleted();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        return services;
    }

    private static long nanos(Duration time) {
        return time.getSeconds() * 1_000_000_000L + time.getNanos();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
