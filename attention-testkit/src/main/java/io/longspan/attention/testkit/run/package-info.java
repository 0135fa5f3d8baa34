/**
 * Runs a case on a backend of either kind and compares what comes back.
 *
 * <p>Both kinds give plain float arrays. A kernel runs on plain memory with guards round every
 * buffer and with no DJL class loaded: only {@code ComposedDriver} and what it uses name NDArrays.
 */
@NullMarked
package io.longspan.attention.testkit.run;

import org.jspecify.annotations.NullMarked;
