package io.longspan.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.longspan.api.LongspanClient;
import io.longspan.api.v1.EmbedRequest;
import io.longspan.api.v1.EmbedResponse;
import io.longspan.api.v1.InferenceGrpc;
import io.longspan.api.v1.Pooling;
import io.longspan.serving.service.Intake;
import io.longspan.serving.trace.TraceParent;
import io.longspan.store.Store;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server whose calls somebody follows. */
final class TraceTest {
    private static final String TEXT = "a text" + " and so on".repeat(20);

    private static final TraceParent NOBODY =
            new TraceParent("9".repeat(32), "9".repeat(16), false);

    @RegisterExtension static final SharedPostgres POSTGRES = new SharedPostgres();

    @TempDir static Path folder;

    private static Collector collector;
    private static Store store;
    private static GatedBackend gate;
    private static TestServer server;
    private static LongspanClient client;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws Exception {
        collector = new Collector();
        store = POSTGRES.open();
        server =
                new TestServer(
                        store,
                        ServingSettings.of(
                                List.of(TestModels.longformer(folder, "tiny", 1)),
                                folder.resolve("spool")),
                        TestModels.backends("loop", b -> gate = new GatedBackend(b)),
                        "longspan.serve.otlp.endpoint=" + collector.endpoint(),
                        "longspan.serve.otlp.headers=authorization=Bearer secret");
        client = server.client();
        channel = server.channel();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        client.close();
        server.close();
        store.close();
        collector.close();
    }

    @Test
    void callsOfTwoTracesShareABatchThatHasALinkToEach() throws Exception {
        gate.hold();
        ListenableFuture<EmbedResponse> first = embed(NOBODY, TEXT);
        assertThat(gate.entered.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        TraceParent one = new TraceParent("1".repeat(32), "a".repeat(16), true);
        TraceParent other = new TraceParent("2".repeat(32), "b".repeat(16), true);
        ListenableFuture<EmbedResponse> left = embed(one, TEXT);
        ListenableFuture<EmbedResponse> right = embed(other, TEXT);
        Intake intake = server.context.getBean(Intake.class);
        for (int i = 0; i < 500 && intake.waiting() < 2; i++) {
            Thread.sleep(10);
        }
        gate.open();
        first.get(20, TimeUnit.SECONDS);
        right.get(20, TimeUnit.SECONDS);
        String id = left.get(20, TimeUnit.SECONDS).getCall().getInferenceId();
        assertThat(TestServer.rows(store, id).getFirst().trace()).isEqualTo(one.trace());

        Span call = root(one);
        Span neighbour = root(other);
        assertThat(call.getName()).isEqualTo("longspan.v1.Inference/Embed");
        assertThat(call.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(hex(call.getParentSpanId())).isEqualTo(one.span());
        assertThat(attribute(call, "longspan.inference.id")).isEqualTo(id);
        Span batch =
                collector.await(
                        span -> span.getName().equals("batch") && span.getLinksCount() == 2);
        assertThat(batch.getLinksList())
                .extracting(Span.Link::getSpanId)
                .containsExactlyInAnyOrder(call.getSpanId(), neighbour.getSpanId());
        assertThat(hex(batch.getTraceId())).isNotIn(one.trace(), other.trace());
        assertThat(batch.getParentSpanId().isEmpty()).isTrue();
        long before = call.getStartTimeUnixNano();
        for (String name : List.of("tokenize", "queue", "compute", "answer")) {
            Span part =
                    collector.await(span ->
                            span.getName().equals(name)
                                    && span.getTraceId().equals(call.getTraceId()));
            assertThat(part.getParentSpanId()).as(name).isEqualTo(call.getSpanId());
            assertThat(part.getStartTimeUnixNano()).as(name).isGreaterThanOrEqualTo(before);
            assertThat(part.getEndTimeUnixNano())
                    .as(name)
                    .isBetween(part.getStartTimeUnixNano(), call.getEndTimeUnixNano());
            before = part.getStartTimeUnixNano();
            if (name.equals("compute")) {
                assertThat(part.getLinks(0).getSpanId()).isEqualTo(batch.getSpanId());
                // Each call has read the clock for itself.
                assertThat(part.getEndTimeUnixNano())
                        .isCloseTo(
                                batch.getEndTimeUnixNano(),
                                within(TimeUnit.MILLISECONDS.toNanos(100)));
            }
        }
    }

    @Test
    void theClientPassesItsOwnSpanAndARefusedCallIsAnErrorInTheTrace() throws Exception {
        SpanContext current =
                SpanContext.create(
                        "3".repeat(32),
                        "c".repeat(16),
                        TraceFlags.getSampled(),
                        TraceState.getDefault());
        try (Scope _ = io.opentelemetry.api.trace.Span.wrap(current).makeCurrent()) {
            client.embed("", "", Pooling.POOLING_MEAN, false);
        } catch (io.grpc.StatusRuntimeException refused) {
            assertThat(refused.getStatus().getCode())
                    .isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
        }
        Span call = collector.await(span -> hex(span.getTraceId()).equals(current.getTraceId()));
        assertThat(hex(call.getParentSpanId())).isEqualTo(current.getSpanId());
        assertThat(call.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(attribute(call, "error.type")).isEqualTo("INVALID_ARGUMENT");
        assertThat(call.toString()).doesNotContain("empty");
    }

    @Test
    void whatItsCallerDoesNotKeepIsNotSentAndOneWithoutATraceBeginsOne() throws Exception {
        TraceParent unsampled = new TraceParent("4".repeat(32), "d".repeat(16), false);
        String silent = embed(unsampled, "x").get(20, TimeUnit.SECONDS).getCall().getInferenceId();
        String own = client.embed("", "x", Pooling.POOLING_MEAN, false).getCall().getInferenceId();
        String trace = TestServer.rows(store, own).getFirst().trace();
        assertThat(trace).matches("[0-9a-f]{32}");
        Span call = collector.await(span -> attribute(span, "longspan.inference.id").equals(own));
        assertThat(hex(call.getTraceId())).isEqualTo(trace);
        assertThat(TestServer.rows(store, silent).getFirst().trace()).isEqualTo(unsampled.trace());
        assertThat(collector.spans)
                .noneMatch(span -> hex(span.getTraceId()).equals(unsampled.trace()));
    }

    /** More calls than the queue of spans takes, and a stop, while nobody answers. */
    @Test
    void aCollectorThatSaysNothingHoldsNobodyUp() throws Exception {
        collector.fallSilent();
        TestServer another =
                new TestServer(
                        store,
                        ServingSettings.of(
                                List.of(TestModels.longformer(folder, "other", 1)),
                                folder.resolve("spool")),
                        TestModels.backends("loop"),
                        "longspan.serve.otlp.endpoint=" + collector.endpoint(),
                        "longspan.serve.otlp.headers=authorization=Bearer secret");
        try {
            long begin = System.nanoTime();
            try (LongspanClient calls = another.client()) {
                for (int i = 0; i < 200; i++) {
                    calls.embed("", "x", Pooling.POOLING_MEAN, false);
                }
            }
            assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(15));
        } finally {
            long stop = System.nanoTime();
            another.close();
            collector.speakAgain();
            assertThat(System.nanoTime() - stop).isLessThan(TimeUnit.SECONDS.toNanos(10));
        }
        // Meters went out with the stop, on a way of their own.
        assertThat(collector.meters).contains("longspan.calls", "longspan.inference.waiting");
    }

    @Test
    void theStateOfTheTraceIsPassedOnAndTheCollectorGetsItsHeaders() throws Exception {
        TraceParent by = new TraceParent("5".repeat(32), "e".repeat(16), true, "a=1,b=2");
        embed(by, "x").get(20, TimeUnit.SECONDS);
        assertThat(root(by).getTraceState()).isEqualTo("a=1,b=2");
        TraceParent broken = new TraceParent("6".repeat(32), "f".repeat(16), true, "no state");
        embed(broken, "x").get(20, TimeUnit.SECONDS);
        assertThat(root(broken).getTraceState()).isEmpty();
        assertThat(collector.keys).containsOnly("Bearer secret");
    }

    private static ListenableFuture<EmbedResponse> embed(TraceParent by, String text) {
        Metadata headers = new Metadata();
        if (!by.state().isEmpty()) {
            // Two headers are one list.
            for (String part : by.state().split(",", -1)) {
                headers.put(TraceParent.STATE, part);
            }
        }
        headers.put(
                TraceParent.HEADER,
                "00-" + by.trace() + "-" + by.span() + (by.sampled() ? "-01" : "-00"));
        return InferenceGrpc.newFutureStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .embed(EmbedRequest.newBuilder().setText(text).build());
    }

    private static Span root(TraceParent of) throws InterruptedException {
        return collector.await(span ->
                hex(span.getTraceId()).equals(of.trace())
                        && hex(span.getParentSpanId()).equals(of.span()));
    }

    private static String hex(com.google.protobuf.ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static String attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }
}
