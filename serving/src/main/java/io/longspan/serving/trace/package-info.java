/**
 * What a call did, as spans of OpenTelemetry, for whoever follows a request through several
 * services.
 *
 * <p>{@link io.longspan.serving.trace.CallTraces} begins a {@link
 * io.longspan.serving.trace.CallSpan} with each call, under the span that the caller's {@code
 * traceparent} names. Its children are the text's way to tokens, the wait in the line, the model's
 * run and the answer. A batch answers calls of many traces, so it is a trace of its own, with a
 * link to every call in it, and the run in each call has a link to the batch.
 *
 * <p>Nothing is made unless an endpoint is configured, and nothing ever waits for one: spans wait
 * in a bounded queue for a thread of their own, and what finds no room there is dropped.
 */
@NullMarked
package io.longspan.serving.trace;

import org.jspecify.annotations.NullMarked;
