package io.longspan.bench;

import java.util.List;

/**
 * What was measured in one run of {@link LinearBench}.
 *
 * @param request as asked
 * @param cpu as the system names it
 * @param peakGflops float32 multiply-adds that the threads reach at best, in 1e9 operations per
 *     second; NaN without the Vector API
 * @param notes of what could not be measured, and why
 * @param rows by layer
 */
public record LinearBenchResult(
        LinearBenchRequest request,
        String cpu,
        double peakGflops,
        List<String> notes,
        List<LinearBenchRow> rows) {
    /** Copies the lists. */
    public LinearBenchResult {
        notes = List.copyOf(notes);
        rows = List.copyOf(rows);
    }
}
