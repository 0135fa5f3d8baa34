package io.longspan.serving.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Optional;

/** Begins the spans of calls. Thread-safe. */
public final class CallTraces {
    /** Follows nothing. */
    public static final CallTraces OFF = new CallTraces(OpenTelemetry.noop());

    private static final String SCOPE = "io.longspan.serving";

    private final Tracer tracer;

    /** Over what makes and exports spans; it outlives this. */
    public CallTraces(OpenTelemetry telemetry) {
        tracer = telemetry.getTracer(SCOPE);
    }

    /**
     * Begins the span of a call.
     *
     * @param method in full, such as {@code longspan.v1.Inference/Embed}
     * @param parent what the caller says the call is part of
     * @param at now
     */
    public CallSpan begin(String method, Optional<TraceParent> parent, Instant at) {
        if (this == OFF) {
            return CallSpan.NONE;
        }
        Span span =
                tracer.spanBuilder(method)
                        .setSpanKind(SpanKind.SERVER)
                        .setParent(parent.map(CallTraces::context).orElse(Context.root()))
                        .setStartTimestamp(at)
                        .startSpan();
        return span.getSpanContext().isSampled()
                ? new CallSpan(tracer, span, at, System.nanoTime())
                : CallSpan.NONE;
    }

    private static Context context(TraceParent parent) {
        return Context.root()
                .with(
                        Span.wrap(
                                SpanContext.createFromRemoteParent(
                                        parent.trace(),
                                        parent.span(),
                                        parent.sampled()
                                                ? TraceFlags.getSampled()
                                                : TraceFlags.getDefault(),
                                        TraceState.getDefault())));
    }
}
