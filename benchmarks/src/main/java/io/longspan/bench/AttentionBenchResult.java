package io.longspan.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was measured in one run of {@link AttentionBench}.
 *
 * @param request as asked
 * @param peakGflops float32 multiply-adds that the threads reach at best, in 1e9 operations per
 *     second, the larger of a measurement before and one after the backends; null without the
 *     Vector API
 * @param rows backends in the order of the registry, then peers
 */
public record AttentionBenchResult(
        AttentionBenchRequest request, @Nullable Double peakGflops, List<AttentionBenchRow> rows) {
    /** Copies the rows. */
    public AttentionBenchResult {
        rows = List.copyOf(rows);
    }
}
