package io.longspan.serving.trace;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** A state that is not written as the standard says is none. */
    private static Context context(TraceParent parent) {
        return W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), parent, new Headers());
    }

    private static final class Headers implements TextMapGetter<TraceParent> {
        @Override
        public Iterable<String> keys(TraceParent parent) {
            return List.of(TraceParent.HEADER.name(), TraceParent.STATE.name());
        }

        @Override
        public @Nullable String get(@Nullable TraceParent parent, String key) {
            if (parent == null) {
                return null;
            }
            if (key.equals(TraceParent.HEADER.name())) {
                return parent.header();
            }
            return key.equals(TraceParent.STATE.name()) && !parent.state().isEmpty()
                    ? parent.state()
                    : null;
        }
    }
}
