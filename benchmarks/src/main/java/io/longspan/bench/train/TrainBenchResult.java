package io.longspan.bench.train;

import java.util.List;

/**
 * What was measured in one run of {@link TrainBench}.
 *
 * @param request as asked
 * @param cpu as the system names it
 * @param own ours, one for each mode of MKL
 * @param peers of the same run
 */
public record TrainBenchResult(
        TrainBenchRequest request,
        String cpu,
        List<TrainContender> own,
        List<TrainContender> peers) {
    /** Copies the lists. */
    public TrainBenchResult {
        own = List.copyOf(own);
        peers = List.copyOf(peers);
    }
}
