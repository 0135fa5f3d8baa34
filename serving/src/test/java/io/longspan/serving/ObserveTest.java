package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.ListInferencesRequest;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.observe.OperationsEndpoint;
import io.longspan.serving.service.Intake;
import io.longspan.store.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A server as its operators see it. */
final class ObserveTest {
    private static final String EMBED = "longspan.v1.Inference/Embed";
    private static final String LINES = "io.longspan.serving.observe.CallLines";

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static final Seen SEEN = new Seen();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Store store;
    private static ServingSettings settings;
    private static TestServer server;

    @BeforeAll
    static void start() {
        store = POSTGRES.open();
        settings =
                ServingSettings.of(
                        List.of(TestModels.longformer(folder, "tiny", 1)), folder.resolve("spool"));
        server =
                new TestServer(
                        store,
                        settings,
                        TestModels.backends("chunks"),
                        "longspan.serve.metrics.port=0",
                        "longspan.serve.log-calls=true",
                        "spring.grpc.server.inbound.message.max-size=64KB");
        Logger logger = (Logger) LoggerFactory.getLogger(LINES);
        SEEN.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(SEEN);
    }

    @AfterAll
    static void stop() {
        ((Logger) LoggerFactory.getLogger(LINES)).detachAppender(SEEN);
        server.close();
        store.close();
        HTTP.close();
    }

    @Test
    void everyCallCountsUnderTheStatusThatItEndedWith() throws Exception {
        ManagedChannel channel = server.channel();
        try (LongspanClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                client.embed("", "a text", Pooling.POOLING_MEAN, false);
            }
            assertThat(
                            catchThrowable(() ->
                                    client.withKey("wrong")
                                            .embed("", "x", Pooling.POOLING_MEAN, false)))
                    .hasMessageContaining("UNAUTHENTICATED");
            assertThat(
                            catchThrowable(
                                    () -> client.embed("nobody", "x", Pooling.POOLING_MEAN, false)))
                    .hasMessageContaining("NOT_FOUND");
            assertThat(
                            catchThrowable(() ->
                                    client.embed(
                                            "", "x".repeat(100_000), Pooling.POOLING_MEAN, false)))
                    .hasMessageContaining("RESOURCE_EXHAUSTED");
            MethodDescriptor<EmbedRequest, EmbedResponse> missing =
                    InferenceGrpc.getEmbedMethod().toBuilder()
                            .setFullMethodName("longspan.v1.Inference/Guess")
                            .build();
            assertThat(
                            catchThrowable(() ->
                                    ClientCalls.blockingUnaryCall(
                                            channel,
                                            missing,
                                            CallOptions.DEFAULT,
                                            EmbedRequest.getDefaultInstance())))
                    .hasMessageContaining("UNIMPLEMENTED");
        } finally {
            channel.shutdownNow();
        }
        // A stream closes a moment after its client has the status.
        String meters = "";
        for (int i = 0; i < 100 && !meters.contains("UNIMPLEMENTED"); i++) {
            Thread.sleep(20);
            meters = get("/actuator/prometheus").body();
        }
        assertThat(count(meters, EMBED, "OK")).isEqualTo(3);
        assertThat(count(meters, EMBED, "UNAUTHENTICATED")).isEqualTo(1);
        assertThat(count(meters, EMBED, "NOT_FOUND")).isEqualTo(1);
        assertThat(count(meters, EMBED, "RESOURCE_EXHAUSTED")).isEqualTo(1);
        assertThat(count(meters, "unknown", "UNIMPLEMENTED")).isEqualTo(1);
        assertThat(meters).contains("longspan_inference_waiting").doesNotContain("Guess");
    }

    private static double count(String meters, String method, String status) {
        String begin =
                "longspan_calls_seconds_count{method=\""
                        + method
                        + "\",status=\""
                        + status
                        + "\"} ";
        return meters.lines()
                .filter(line -> line.startsWith(begin))
                .mapToDouble(line -> Double.parseDouble(line.substring(begin.length())))
                .sum();
    }

    /** All but the black-box exporter's own. */
    @Test
    void everyMeterOfTheShippedRulesIsOnThePage() throws Exception {
        String rules = Files.readString(Path.of("../docs/prometheus-rules.yml"));
        try (LongspanClient client = server.client()) {
            client.models();
        }
        String meters = "";
        for (int i = 0; i < 100 && !meters.contains("longspan_calls_seconds_count"); i++) {
            Thread.sleep(20);
            meters = get("/actuator/prometheus").body();
        }
        Set<String> named =
                Pattern.compile("\\b(longspan_[a-z_]+)")
                        .matcher(rules)
                        .results()
                        .map(MatchResult::group)
                        .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThanOrEqualTo(4);
        assertThat(
                        meters.lines()
                                .filter(line -> !line.startsWith("#"))
                                .map(line -> line.split("[{ ]", 2)[0]))
                .containsAll(named);
        Set<String> labels =
                Pattern.compile("([a-z]+)=~?\"")
                        .matcher(rules.replaceAll("probe_success\\{[^}]*}", ""))
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.toSet());
        assertThat(labels).containsExactlyInAnyOrder("status", "method");
    }

    @Test
    void aCallIsLoggedWithItsRowAndItsCallersTrace() throws InterruptedException {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        Metadata headers = new Metadata();
        headers.put(
                Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
                "00-" + trace + "-00f067aa0ba902b7-01");
        ManagedChannel channel = server.channel();
        try {
            String id =
                    InferenceGrpc.newBlockingStub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                            .embed(EmbedRequest.newBuilder().setText("traced").build())
                            .getCall()
                            .getInferenceId();
            String line =
                    SEEN.lines.stream().filter(l -> l.contains(trace)).findFirst().orElseThrow();
            assertThat(line).contains(id).contains(EMBED).contains("OK").contains("127.0.0.1");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void aLineNamesItsCallerInEveryService() {
        String secret =
                store.apiKeys()
                        .create("watcher", Set.of("stats"), Optional.empty(), "test")
                        .secret();
        try (LongspanClient client = server.client()) {
            client.models();
            client.withKey(secret).models();
            client.withKey(secret).inferences(ListInferencesRequest.getDefaultInstance());
        }
        assertThat(SEEN.lines.stream().filter(l -> l.contains("longspan.v1.Models/List")))
                .anyMatch(l -> l.contains("caller=\"anonymous\""))
                .anyMatch(l -> l.contains("caller=\"watcher\""));
        assertThat(SEEN.lines.stream().filter(l -> l.contains("longspan.v1.Inferences/List")))
                .singleElement()
                .asString()
                .contains("caller=\"watcher\"");
    }

    @Test
    void thePagesAreThoseOfTheActuatorAndNoOther() throws Exception {
        assertThat(get("/actuator/health/liveness").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
        assertThat(get("/actuator/env").statusCode()).isEqualTo(404);
        HttpRequest post =
                HttpRequest.newBuilder(uri(server, "/actuator/prometheus"))
                        .POST(HttpRequest.BodyPublishers.ofString("x"))
                        .build();
        assertThat(HTTP.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void aStopRefusesNewCallsAtOnceAndAnswersThoseThatRunOrWait() throws Exception {
        GatedBackend[] gate = new GatedBackend[1];
        TestServer other =
                new TestServer(
                        store,
                        settings,
                        TestModels.backends("loop", b -> gate[0] = new GatedBackend(b)),
                        "longspan.serve.metrics.port=0");
        ManagedChannel watching = other.channel();
        // Threads of their own: a pool of one thread would never come to the stop.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                LongspanClient client = other.client();
                LongspanClient late = other.client()) {
            URI readiness = uri(other, "/actuator/health/readiness");
            assertThat(get(readiness).statusCode()).isEqualTo(200);
            BlockingQueue<String> health = watch(watching);
            assertThat(health.poll(10, TimeUnit.SECONDS)).isEqualTo("SERVING");
            assertThat(late.models()).hasSize(1);
            gate[0].hold();
            Future<EmbedResponse> running = threads.submit(() -> embed(client));
            assertThat(gate[0].entered.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            Future<EmbedResponse> waiting = threads.submit(() -> embed(client));
            Intake intake = other.context.getBean(Intake.class);
            for (int i = 0; i < 500 && intake.waiting() == 0; i++) {
                Thread.sleep(10);
            }
            assertThat(intake.waiting()).isEqualTo(1);
            Future<?> stop = threads.submit(other::close);
            assertThat(health.poll(10, TimeUnit.SECONDS)).isEqualTo("NOT_SERVING");
            assertThat(health.poll(10, TimeUnit.SECONDS)).startsWith("UNAVAILABLE");
            assertThat(get(readiness).statusCode()).isEqualTo(503);
            awaitClosed(other.address);
            assertThat(refusal(late)).contains("UNAVAILABLE");
            assertThat(running.isDone() || waiting.isDone() || stop.isDone()).isFalse();
            gate[0].open();
            for (Future<EmbedResponse> call : List.of(running, waiting)) {
                EmbedResponse answer = call.get(10, TimeUnit.SECONDS);
                assertThat(answer.getVectorCount()).isPositive();
                assertThat(TestServer.rows(store, answer.getCall().getInferenceId())).hasSize(1);
            }
            stop.get(10, TimeUnit.SECONDS);
        } finally {
            gate[0].open();
            watching.shutdownNow();
            other.close();
        }
    }

    /** A call on an open connection is answered until the connection has heard of the stop. */
    private static String refusal(LongspanClient client) throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            try {
                client.models();
            } catch (StatusRuntimeException e) {
                return String.valueOf(e.getMessage());
            }
            Thread.sleep(10);
        }
        return "";
    }

    private static EmbedResponse embed(LongspanClient client) {
        // Longer than the window: a shorter text is computed without the backend.
        return client.embed("", "a text" + " and so on".repeat(20), Pooling.POOLING_MEAN, false);
    }

    /** What a health check that watches is told, its end included. */
    private static BlockingQueue<String> watch(ManagedChannel channel) {
        BlockingQueue<String> said = new LinkedBlockingQueue<>();
        HealthGrpc.newStub(channel)
                .watch(
                        HealthCheckRequest.getDefaultInstance(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(HealthCheckResponse answer) {
                                said.add(answer.getStatus().name());
                            }

                            @Override
                            public void onError(Throwable problem) {
                                said.add(String.valueOf(problem.getMessage()));
                            }

                            @Override
                            public void onCompleted() {
                                said.add("the end");
                            }
                        });
        return said;
    }

    private static void awaitClosed(InetSocketAddress address) throws InterruptedException {
        for (int i = 0; i < 500; i++) {
            try (Socket connected = new Socket()) {
                connected.connect(address, 1000);
            } catch (IOException refused) {
                return;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("the port is still open");
    }

    @Test
    void theInterfaceIsNotShownUnlessSomebodySaysSo() {
        ManagedChannel channel = server.channel();
        try {
            assertThat(
                            catchThrowable(() ->
                                    ClientCalls.blockingUnaryCall(
                                            channel,
                                            ServerReflectionGrpc.getServerReflectionInfoMethod()
                                                    .toBuilder()
                                                    .setType(MethodDescriptor.MethodType.UNARY)
                                                    .build(),
                                            CallOptions.DEFAULT,
                                            io.grpc.reflection.v1.ServerReflectionRequest
                                                    .getDefaultInstance())))
                    .hasMessageContaining("UNIMPLEMENTED");
        } finally {
            channel.shutdownNow();
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return get(uri(server, path));
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(TestServer of, String path) {
        return URI.create(
                "http://127.0.0.1:"
                        + of.context.getBean(OperationsEndpoint.class).address().getPort()
                        + path);
    }

    private static final class Seen extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getMessage() + " " + event.getKeyValuePairs());
        }
    }
}
