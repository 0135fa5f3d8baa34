package io.longspan.bench.serve;

import java.util.List;
import java.util.Optional;

/**
 * What one run of {@link ServeBench} has measured.
 *
 * @param alone one caller that waits for its answers; none where only the peak was asked for
 * @param peak as many callers as there may be, each waiting for its answers
 * @param half requests at half of the peak's rate, per number of callers
 * @param overload requests at twice the peak's rate; none where only the peak was asked for
 * @param deadline of every request but those of the first, in seconds
 */
public record ServeBenchResult(
        Optional<LoadResult> alone,
        LoadResult peak,
        List<LoadResult> half,
        Optional<LoadResult> overload,
        double deadline) {
    /** Copies the list. */
    public ServeBenchResult {
        half = List.copyOf(half);
    }

    /** Tokens answered in time under overload, as a share of the peak's. */
    public double goodput(LoadResult overload) {
        return overload.tokensPerSecond() / peak.tokensPerSecond();
    }
}
