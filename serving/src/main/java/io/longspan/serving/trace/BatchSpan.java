package io.longspan.serving.trace;

import io.opentelemetry.api.trace.SpanContext;

/**
 * The span of a batch that has run.
 *
 * @param context what links name
 */
public record BatchSpan(SpanContext context) {
    /** Of a batch in which nobody's call is followed. */
    public static final BatchSpan NONE = new BatchSpan(SpanContext.getInvalid());
}
