/**
 * What a server makes of a model, measured from a process of its own over loopback.
 *
 * <p>{@link io.longspan.bench.serve.ServeBench} measures the model alone, has a second process load
 * the server, and measures the model again, so that its ratios come from one run on one machine.
 * The load is open-loop where latencies are reported: requests have a time at which they are to be
 * sent, which does not depend on answers, and a latency counts from that time, so a slow server
 * cannot slow its own measuring down. Closed-loop load, where each caller waits for its answer, is
 * used to find the peak and for what one caller sees.
 */
@NullMarked
package io.longspan.bench.serve;

import org.jspecify.annotations.NullMarked;
