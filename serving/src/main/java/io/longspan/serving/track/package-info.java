/**
 * Every call of the {@code Inference} service, from its first byte to the status that the client
 * received, as one row.
 *
 * <p>{@link io.longspan.serving.track.CallTracer} sees every stream, also those that the framework
 * ends before any service does, and makes a {@link io.longspan.serving.track.TrackedCall}. {@link
 * io.longspan.serving.track.TrackingInterceptor} ends it just before an answer goes out; what never
 * gets that far, such as a cancelled call or a message over the size limit, is ended by the tracer.
 * Whoever comes first writes the row.
 *
 * <p>One thing no server can know: an answer that is on its way when the client gives up. Its row
 * says OK, which is what was sent, and the client saw its own CANCELLED or DEADLINE_EXCEEDED.
 */
@NullMarked
package io.longspan.serving.track;

import org.jspecify.annotations.NullMarked;
