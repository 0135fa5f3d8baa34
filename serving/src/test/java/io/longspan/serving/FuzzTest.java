package io.longspan.serving;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.service.Intake;
import io.longspan.store.Store;
import io.netty.util.internal.PlatformDependent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of ill will. {@code -Dfuzz.requests=N} sends more of them, {@code -Dfuzz.seed=N} others.
 */
final class FuzzTest {
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 10_000);
    private static final long SEED = Long.getLong("fuzz.seed", 20261125);
    private static final int AT_ONCE = 32;
    private static final long ROOM = 24L << 20;
    private static final String EMBED = "/longspan.v1.Inference/Embed";
    private static final String TYPE = "content-type";
    private static final String GRPC = "application/grpc";

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Store store;
    private static TestServer server;

    @BeforeAll
    static void start() {
        store = POSTGRES.open();
        server =
                new TestServer(
                        store,
                        ServingSettings.of(
                                List.of(TestModels.longformer(folder, "tiny", 1)),
                                folder.resolve("spool")),
                        TestModels.backends("chunks"));
    }

    @AfterAll
    static void stop() {
        server.close();
        store.close();
    }

    @Test
    void hostileRequestsGetTheStatusThatTheyDeserveAndTakeNoMemory() throws InterruptedException {
        System.out.println("fuzz.seed=" + SEED + " fuzz.requests=" + REQUESTS);
        Map<Status.Code, LongAdder> statuses = new ConcurrentHashMap<>();
        HostileRequests requests = new HostileRequests(SEED);
        // Caches fill before it counts.
        send(requests, REQUESTS / 2, statuses);
        long before = memory();
        send(requests, REQUESTS - REQUESTS / 2, statuses);
        long after = memory();
        System.out.printf(
                "%s, memory %d KiB, then %d KiB%n",
                new TreeMap<>(statuses), before >> 10, after >> 10);
        assertThat(after - before).isLessThan(ROOM);
        assertThat(statuses)
                .containsKeys(
                        Status.Code.OK,
                        Status.Code.INVALID_ARGUMENT,
                        Status.Code.NOT_FOUND,
                        Status.Code.UNAUTHENTICATED,
                        Status.Code.UNIMPLEMENTED);
        assertThat(server.context.getBean(Intake.class).waiting()).isZero();
        answers();
    }

    private static void send(
            HostileRequests requests, int count, Map<Status.Code, LongAdder> statuses)
            throws InterruptedException {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        Semaphore places = new Semaphore(AT_ONCE);
        ManagedChannel channel = server.channel();
        try {
            for (int i = 0; i < count; i++) {
                HostileRequests.Request request = requests.next();
                places.acquire();
                start(
                        channel,
                        request,
                        status -> {
                            statuses.computeIfAbsent(status.getCode(), _ -> new LongAdder())
                                    .increment();
                            if (!request.expected().contains(status.getCode())) {
                                wrong.add(request.method() + " got " + status);
                            }
                            places.release();
                        });
            }
            places.acquire(AT_ONCE);
        } finally {
            channel.shutdownNow();
        }
        assertThat(wrong).isEmpty();
    }

    private static void start(
            ManagedChannel channel,
            HostileRequests.Request request,
            java.util.function.Consumer<Status> ended) {
        MethodDescriptor<byte[], byte[]> method =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(request.method())
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(new Bytes())
                        .build();
        ClientCall<byte[], byte[]> call =
                channel.newCall(
                        method, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, @Nullable Metadata trailers) {
                        ended.accept(status);
                    }
                },
                request.headers());
        call.request(2);
        call.sendMessage(request.message().toByteArray());
        call.halfClose();
    }

    /** What is used once the garbage is gone, Netty's own memory included. */
    private static long memory() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            Thread.sleep(50);
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least + Math.max(0, PlatformDependent.usedDirectMemory());
    }

    private static void answers() {
        try (LongspanClient client = server.client()) {
            assertThat(client.embed("tiny", "a text", Pooling.POOLING_MEAN, false).getVectorCount())
                    .isPositive();
        }
    }

    /**
     * What comes, what must come back. Metadata beyond the limit end their call with HTTP's 431,
     * and the connection when they are beyond what a server reads to its end (RFC 9113, 10.5.1);
     * what is not gRPC gets HTTP's 415, as gRPC over HTTP/2 asks for.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "no HTTP at all: closed",
                "half a preface: closed",
                "half a frame: closed",
                "a frame on stream 0: closed",
                "a frame that is too long: closed",
                "headers that are garbage: closed",
                "data without a call: closed",
                "metadata of 9 KiB: http 431",
                "metadata of 12 KiB: closed",
                "no content type: http 415",
                "another content type: http 415",
                "a message cut off: status 13",
                "a length of 4 GiB: status 8",
                "a negative length: status 8",
                "a compressed message that is none: status 13",
                "reserved flags: status 13",
                "two messages where one is due: status 13",
                "no message where one is due: status 13",
                "a deadline that is no number: status 3",
                "a method that is none: status 12",
                "an encoding that nobody knows: status 12"
            })
    void badFramesEndTheirOwnCallOnly(String text) throws IOException {
        String[] parts = text.split(": ", 2);
        try (RawConnection connection = new RawConnection(server.address)) {
            speak(connection, parts[0]);
            assertThat(connection.outcome()).isEqualTo(parts[1]);
        }
        answers();
    }

    private static void speak(RawConnection to, String what) throws IOException {
        byte[] text = {18, 1, 'a'};
        int end = RawConnection.END_STREAM;
        switch (what) {
            case "no HTTP at all" -> to.send("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8));
            case "half a preface" -> to.send("PRI * HT".getBytes(UTF_8)).half();
            case "half a frame" -> to.greet().send(new byte[] {0, 0, 9, 0}).half();
            case "a frame on stream 0" ->
                    to.greet().frame(RawConnection.DATA, 0, 0, new byte[] {1});
            case "a frame that is too long" ->
                    to.greet().send(new byte[] {-1, -1, -1, 0, 0, 0, 0, 0, 0});
            case "headers that are garbage" ->
                    to.greet()
                            .frame(
                                    RawConnection.HEADERS,
                                    RawConnection.END_HEADERS,
                                    1,
                                    new byte[] {-1, -1, -1, -1, -1, -1});
            case "data without a call" ->
                    to.greet().frame(RawConnection.DATA, 0, 1, new byte[] {1});
            case "metadata of 9 KiB" ->
                    to.greet().call(EMBED, TYPE, GRPC, "x", "y".repeat(9 << 10));
            case "metadata of 12 KiB" ->
                    to.greet().call(EMBED, TYPE, GRPC, "x", "y".repeat(12 << 10));
            case "no content type" -> to.greet().call(EMBED);
            case "another content type" -> to.greet().call(EMBED, TYPE, "text/html");
            case "a message cut off" -> to.greet().call(EMBED, TYPE, GRPC).message(0, 9, text, end);
            case "a length of 4 GiB" ->
                    to.greet().call(EMBED, TYPE, GRPC).message(0, -1, text, end);
            case "a negative length" ->
                    to.greet().call(EMBED, TYPE, GRPC).message(0, Integer.MIN_VALUE, text, end);
            case "a compressed message that is none" ->
                    to.greet().call(EMBED, TYPE, GRPC).message(1, text.length, text, end);
            case "reserved flags" ->
                    to.greet().call(EMBED, TYPE, GRPC).message(0x7e, text.length, text, end);
            case "two messages where one is due" ->
                    to.greet()
                            .call(EMBED, TYPE, GRPC)
                            .message(0, text.length, text, 0)
                            .message(0, text.length, text, end);
            case "no message where one is due" ->
                    to.greet()
                            .call(EMBED, TYPE, GRPC)
                            .frame(RawConnection.DATA, end, 1, new byte[0]);
            case "a deadline that is no number" ->
                    to.greet().call(EMBED, TYPE, GRPC, "grpc-timeout", "soon");
            case "a method that is none" ->
                    to.greet().call("/nothing", TYPE, GRPC).message(0, text.length, text, end);
            case "an encoding that nobody knows" ->
                    to.greet()
                            .call(EMBED, TYPE, GRPC, "grpc-encoding", "rot13")
                            .message(1, text.length, text, end);
            default -> throw new IllegalArgumentException(what);
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try (stream) {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
