/**
 * What operators see of a running server.
 *
 * <p>{@link io.longspan.serving.observe.CallCounts} counts every stream by the status that it ended
 * with, where no interceptor can be left out: calls of methods that do not exist and requests that
 * are too large count as well. {@link io.longspan.serving.observe.OperationsEndpoint} hands all
 * meters out to Prometheus on a port of its own, with two questions that supervisors ask: whether
 * the process lives, and whether it takes calls. {@link io.longspan.serving.observe.CallLines}
 * writes a line per call into the log, with the caller's trace, when it is asked to.
 */
@NullMarked
package io.longspan.serving.observe;

import org.jspecify.annotations.NullMarked;
