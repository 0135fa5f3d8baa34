/**
 * JMH benchmarks. {@code java -cp <class path> org.openjdk.jmh.Main AttentionBenchmark} runs them;
 * the calls are those of {@link io.longspan.bench.AttentionBench}.
 */
@NullMarked
package io.longspan.bench.jmh;

import org.jspecify.annotations.NullMarked;
