package io.longspan.serving.track;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.longspan.api.InferenceId;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.serving.spool.Spool;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrackingInterceptorTest {
    private static final long LIMIT = 1 << 12;

    @TempDir Path folder;

    private Spool spool;
    private CallLog log;
    private FakeCall wire;
    private ServerStreamTracer stream;

    @BeforeEach
    void open() {
        spool = Spool.open(folder, LIMIT);
        log = new CallLog(spool);
        wire = new FakeCall();
    }

    @AfterEach
    void close() {
        spool.close();
    }

    @Test
    void theRowIsInTheSpoolBeforeAnythingOfTheAnswerGoesOut() {
        ServerCall<EmbedRequest, EmbedResponse> call = start();
        call.sendMessage(EmbedResponse.getDefaultInstance());
        assertThat(wire.events).isEmpty();
        call.close(Status.OK, new Metadata());
        assertThat(wire.events).containsExactly("message", "close OK");
        assertThat(wire.backlogs).hasSize(2).allMatch(bytes -> bytes > 0);
        assertThat(UUID.fromString(wire.trailers.get(InferenceId.TRAILER)).version()).isEqualTo(7);
    }

    @Test
    void aCallThatEndsTwiceHasOneRow() {
        ServerCall<EmbedRequest, EmbedResponse> call = start();
        call.close(Status.INTERNAL, new Metadata());
        long one = spool.backlog();
        stream.streamClosed(Status.CANCELLED);
        assertThat(spool.backlog()).isEqualTo(one);

        ServerCall<EmbedRequest, EmbedResponse> cancelled = start();
        stream.streamClosed(Status.CANCELLED);
        long two = spool.backlog();
        assertThat(two).isGreaterThan(one);
        cancelled.close(Status.OK, new Metadata());
        assertThat(spool.backlog()).isEqualTo(two);
    }

    @Test
    void anAnswerWhoseRowFindsNoRoomIsUnavailableAndStaysHere() {
        List<ServerCall<EmbedRequest, EmbedResponse>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(start());
        }
        for (ServerCall<EmbedRequest, EmbedResponse> call : calls) {
            call.sendMessage(EmbedResponse.getDefaultInstance());
            call.close(Status.OK, new Metadata());
        }
        assertThat(wire.events).startsWith("message", "close OK").endsWith("close UNAVAILABLE");
        long sent = wire.events.stream().filter("message"::equals).count();
        long ok = wire.events.stream().filter("close OK"::equals).count();
        assertThat(sent).isEqualTo(ok).isLessThan(200);
        assertThat(log.untracked()).isEqualTo(200 - ok);
    }

    @Test
    void idsAreOfVersionSevenDistinctAndInTheOrderOfTime() {
        CallIds ids = new CallIds();
        Set<UUID> distinct = new HashSet<>();
        String before = "";
        for (int i = 0; i < 2000; i++) {
            UUID id = ids.next(Instant.ofEpochMilli(1_800_000_000_000L + i));
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.variant()).isEqualTo(2);
            assertThat(id.toString()).isGreaterThan(before);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(1_800_000_000_000L + i);
            before = id.toString();
            distinct.add(id);
        }
        assertThat(distinct).hasSize(2000);
    }

    /** The call as a service gets it. */
    private ServerCall<EmbedRequest, EmbedResponse> start() {
        stream =
                new CallTracer(log)
                        .newServerStreamTracer("longspan.v1.Inference/Embed", new Metadata());
        List<ServerCall<EmbedRequest, EmbedResponse>> seen = new ArrayList<>();
        stream.filterContext(Context.ROOT)
                .run(() ->
                        new TrackingInterceptor(log)
                                .interceptCall(
                                        wire,
                                        new Metadata(),
                                        (call, headers) -> {
                                            seen.add(call);
                                            return new ServerCall.Listener<EmbedRequest>() {};
                                        }));
        return seen.getFirst();
    }

    /** Notes what goes out, and how many bytes were in the spool then. */
    private final class FakeCall extends ServerCall<EmbedRequest, EmbedResponse> {
        private final List<String> events = new ArrayList<>();
        private final List<Long> backlogs = new ArrayList<>();
        private Metadata trailers = new Metadata();

        @Override
        public void sendMessage(EmbedResponse message) {
            note("message");
        }

        @Override
        public void close(Status status, Metadata given) {
            trailers = given;
            note("close " + status.getCode());
        }

        private void note(String event) {
            events.add(event);
            backlogs.add(spool.backlog());
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.EMPTY;
        }

        @Override
        public MethodDescriptor<EmbedRequest, EmbedResponse> getMethodDescriptor() {
            return InferenceGrpc.getEmbedMethod();
        }
    }
}
