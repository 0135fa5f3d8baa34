package io.longspan.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.longspan.api.v1.EmbedBatchRequest;
import io.longspan.api.v1.EmbedBatchResponse;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.LoadModelRequest;
import io.longspan.api.v1.LoadModelResponse;
import io.longspan.api.v1.ModelsGrpc;
import io.longspan.api.v1.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several servers at once, and calls that are made again. */
final class ClientsTest {
    private static final String INDENT = " ".repeat(8);
    private static final Retries QUICK =
            new Retries(4, Duration.ofMillis(5), Duration.ofMillis(20));

    private final List<Host> hosts = new ArrayList<>();

    @AfterEach
    void stop() {
        hosts.forEach(host -> host.server.shutdownNow());
    }

    @Test
    void callsGoToEachServerInTurnAndAroundOneThatIsGone() throws Exception {
        Host one = host();
        Host two = host();
        try (LongspanClient client = client(QUICK, one, two)) {
            // The first calls may find one connection only.
            while (one.calls.get() == 0 || two.calls.get() == 0) {
                embed(client);
            }
            int before = one.calls.get();
            int other = two.calls.get();
            for (int i = 0; i < 20; i++) {
                embed(client);
            }
            assertThat(one.calls.get() - before).isEqualTo(10);
            assertThat(two.calls.get() - other).isEqualTo(10);
            one.server.shutdownNow().awaitTermination();
            for (int i = 0; i < 20; i++) {
                assertThat(embed(client).getVectorList()).containsExactly(1f);
            }
        }
    }

    @Test
    void aBusyServerIsAskedAgainWhenItSaysSo() throws Exception {
        Host host = host();
        try (LongspanClient client = client(QUICK, host)) {
            host.refuse(2, Status.RESOURCE_EXHAUSTED, "150");
            long begin = System.nanoTime();
            assertThat(embed(client).getVectorList()).containsExactly(1f);
            assertThat(host.calls.get()).isEqualTo(3);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isGreaterThan(Duration.ofMillis(300));
            host.refuse(9, Status.UNAVAILABLE, "");
            assertThatThrownBy(() -> embed(client)).hasMessageContaining("UNAVAILABLE");
            assertThat(host.calls.get()).isEqualTo(3 + 4);
        }
    }

    @Test
    void whatIsWrongWithTheCallAndWhatChangesModelsIsNotTriedAgain() throws Exception {
        Host host = host();
        try (LongspanClient client = client(QUICK, host)) {
            host.refuse(1, Status.INVALID_ARGUMENT, "");
            assertThatThrownBy(() -> embed(client)).hasMessageContaining("INVALID_ARGUMENT");
            assertThat(host.calls.get()).isEqualTo(1);
            assertThatThrownBy(() -> client.load("m", "", "folder", false))
                    .hasMessageContaining("UNAVAILABLE");
            assertThat(host.loads.get()).isEqualTo(1);
        }
    }

    @Test
    void theDeadlineIsThatOfAllAttempts() throws Exception {
        Host host = host();
        try (LongspanClient client = client(QUICK, host)) {
            host.refuse(9, Status.UNAVAILABLE, "60000");
            assertThatThrownBy(() -> embed(client.withDeadline(Duration.ofMillis(200))))
                    .isInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("DEADLINE_EXCEEDED");
        }
    }

    @Test
    void theExampleOfTheDocumentationWorks() throws Exception {
        String shown = Files.readString(Path.of("../docs/clients.md"));
        String source =
                Files.readString(Path.of("src/test/java/io/longspan/api/ClientExample.java"));
        String example =
                source.substring(source.indexOf("// docs: begin"), source.indexOf("// docs: end"))
                        .lines()
                        .skip(1)
                        .filter(line -> !line.isBlank())
                        .map(line -> line.substring(INDENT.length()))
                        .collect(Collectors.joining("\n"));
        assertThat(shown).contains("```java\n" + example + "\n```");
        Host host = host();
        host.refuse(1, Status.UNAVAILABLE, "");
        assertThat(ClientExample.vectors(List.of(host.target()), "ls_x", List.of("a", "b")))
                .hasSize(4)
                .allSatisfy(vector -> assertThat(vector).containsExactly(1f));
    }

    @Test
    void namesAndNumbersAreCheckedAtOnce() {
        assertThatThrownBy(() -> client(QUICK)).hasMessageContaining("no server is named");
        assertThatThrownBy(() ->
                        LongspanClient.connect(
                                List.of("a:1", "b"), InsecureChannelCredentials.create(), QUICK))
                .hasMessageContaining("target 'b' is not a server");
        assertThatThrownBy(() -> new Retries(6, Duration.ofMillis(1), Duration.ofMillis(1)))
                .hasMessageContaining("attempts is 6; it must be from 2 to 5");
        assertThatThrownBy(() -> new Retries(2, Duration.ZERO, Duration.ofMillis(1)))
                .hasMessageContaining("pauses");
    }

    private static EmbedResponse embed(LongspanClient client) {
        return client.embed("", "a text", Pooling.POOLING_MEAN, false);
    }

    private static LongspanClient client(Retries retries, Host... all) {
        return LongspanClient.connect(
                List.of(all).stream().map(Host::target).toList(),
                InsecureChannelCredentials.create(),
                retries);
    }

    private Host host() throws IOException {
        Host host = new Host();
        hosts.add(host);
        return host;
    }

    /** A server on loopback that counts, and refuses what it is told to. */
    private static final class Host extends InferenceGrpc.InferenceImplBase {
        private static final Metadata.Key<String> PUSHBACK =
                Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger loads = new AtomicInteger();
        private final AtomicInteger refusals = new AtomicInteger();
        private volatile Status status = Status.OK;
        private volatile String pushback = "";
        private final Server server;

        Host() throws IOException {
            server =
                    Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
                            .addService(this)
                            .addService(new Loading())
                            .build()
                            .start();
        }

        String target() {
            return "127.0.0.1:" + server.getPort();
        }

        void refuse(int times, Status with, String after) {
            status = with;
            pushback = after;
            refusals.set(times);
        }

        private boolean refuses(StreamObserver<?> answer) {
            calls.incrementAndGet();
            if (refusals.getAndDecrement() <= 0) {
                return false;
            }
            Metadata trailers = new Metadata();
            if (!pushback.isEmpty()) {
                trailers.put(PUSHBACK, pushback);
            }
            answer.onError(status.asRuntimeException(trailers));
            return true;
        }

        private static EmbedResponse one() {
            return EmbedResponse.newBuilder().addVector(1).build();
        }

        @Override
        public void embed(EmbedRequest request, StreamObserver<EmbedResponse> answer) {
            if (!refuses(answer)) {
                answer.onNext(one());
                answer.onCompleted();
            }
        }

        @Override
        public void embedBatch(
                EmbedBatchRequest request, StreamObserver<EmbedBatchResponse> answer) {
            if (!refuses(answer)) {
                EmbedBatchResponse.Builder all = EmbedBatchResponse.newBuilder();
                request.getRequestsList().forEach(_ -> all.addAnswers(one()));
                answer.onNext(all.build());
                answer.onCompleted();
            }
        }

        @Override
        public StreamObserver<EmbedRequest> embedStream(StreamObserver<EmbedResponse> answer) {
            return new StreamObserver<>() {
                @Override
                public void onNext(EmbedRequest request) {
                    answer.onNext(one());
                }

                @Override
                public void onError(Throwable problem) {
                    // The client is gone.
                }

                @Override
                public void onCompleted() {
                    answer.onCompleted();
                }
            };
        }

        private final class Loading extends ModelsGrpc.ModelsImplBase {
            @Override
            public void load(LoadModelRequest request, StreamObserver<LoadModelResponse> answer) {
                loads.incrementAndGet();
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
            }
        }
    }
}
