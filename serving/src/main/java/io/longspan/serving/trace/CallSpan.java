package io.longspan.serving.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The span of a call. Parts are told when they are over, by the clock of {@link System#nanoTime}:
 * whoever does them need not know of spans. Thread-safe.
 */
public final class CallSpan {
    /** Of a call that nobody follows. */
    public static final CallSpan NONE = new CallSpan(null, Span.getInvalid(), Instant.EPOCH, 0);

    private static final String BATCH = "batch";

    private final @Nullable Tracer tracer;
    private final Span span;
    private final long epochNanos;
    private final long nanoTime;

    CallSpan(@Nullable Tracer tracer, Span span, Instant at, long nanoTime) {
        this.tracer = tracer;
        this.span = span;
        epochNanos = TimeUnit.SECONDS.toNanos(at.getEpochSecond()) + at.getNano();
        this.nanoTime = nanoTime;
    }

    /** Identity of the trace; empty for none. */
    public String trace() {
        return tracer == null ? "" : span.getSpanContext().getTraceId();
    }

    /** A part of the call is over. */
    public void part(String name, long begin, long end) {
        part(name, begin, end, SpanContext.getInvalid());
    }

    /** The model has run for the call, as part of a batch. */
    public void ran(long begin, long end, BatchSpan batch) {
        part("compute", begin, end, batch.context());
    }

    private void part(String name, long begin, long end, SpanContext link) {
        if (tracer == null) {
            return;
        }
        SpanBuilder part =
                tracer.spanBuilder(name)
                        .setParent(Context.root().with(span))
                        .setStartTimestamp(epoch(begin), TimeUnit.NANOSECONDS);
        if (link.isValid()) {
            part.addLink(link);
        }
        part.startSpan().end(epoch(end), TimeUnit.NANOSECONDS);
    }

    /**
     * A batch has run.
     *
     * @param calls in it
     * @param begin when it began
     * @param end when its results were there
     * @param tokens of all calls in it
     */
    public static BatchSpan batch(List<CallSpan> calls, long begin, long end, int tokens) {
        List<CallSpan> followed = calls.stream().filter(call -> call.tracer != null).toList();
        if (followed.isEmpty()) {
            return BatchSpan.NONE;
        }
        CallSpan first = followed.getFirst();
        Tracer tracer = Objects.requireNonNull(first.tracer);
        SpanBuilder batch =
                tracer.spanBuilder(BATCH)
                        .setNoParent()
                        .setAttribute("longspan.batch.requests", calls.size())
                        .setAttribute("longspan.batch.tokens", tokens)
                        .setStartTimestamp(first.epoch(begin), TimeUnit.NANOSECONDS);
        followed.forEach(call -> batch.addLink(call.span.getSpanContext()));
        Span started = batch.startSpan();
        started.end(first.epoch(end), TimeUnit.NANOSECONDS);
        return new BatchSpan(started.getSpanContext());
    }

    /**
     * The call is over.
     *
     * @param status that the client gets
     * @param ok whether it is no error
     * @param facts about the call
     */
    public void end(String status, boolean ok, Attributes facts) {
        if (tracer == null) {
            return;
        }
        span.setAllAttributes(facts);
        span.setAttribute("rpc.system.name", "grpc");
        span.setAttribute("rpc.response.status_code", status);
        if (!ok) {
            span.setStatus(StatusCode.ERROR);
            span.setAttribute("error.type", status);
        }
        span.end(epoch(System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private long epoch(long moment) {
        return epochNanos + moment - nanoTime;
    }
}
