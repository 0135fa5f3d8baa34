/**
 * Measurements: one layer's attention on every backend side by side, with the machine's FMA peak
 * measured in the same run, peers in Python on request, JMH benchmarks of the same calls, and the
 * figures in {@code docs/benchmarks}.
 *
 * <p>{@link io.longspan.bench.AttentionBench} is what {@code longspan bench attention} calls: a
 * record of parameters in, a record of results out. Nothing here changes how libtorch computes; the
 * chunked backend is measured as its users on this machine would find it.
 */
@NullMarked
package io.longspan.bench;

import org.jspecify.annotations.NullMarked;
