package io.longspan.bench.train;

import io.longspan.bench.Timing;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One contender's steps.
 *
 * @param name of the contender
 * @param version of what computed
 * @param note why it was not timed, or nothing
 * @param timing of its steps, null when it was not timed
 * @param peakBytes most that its process held, -1 when unknown
 * @param firstLoss of its first step, NaN when it was not timed
 * @param lastLoss of its last step, NaN when it was not timed
 */
public record TrainContender(
        String name,
        String version,
        String note,
        @Nullable Timing timing,
        long peakBytes,
        double firstLoss,
        double lastLoss) {
    private static final int NUMBERS = 4;

    static TrainContender untimed(String name, String version, String why) {
        return new TrainContender(name, version, why, null, -1, Double.NaN, Double.NaN);
    }

    /** Of the line that a contender says: tab separated, or version and why there is no timing. */
    static TrainContender of(String name, String line) {
        List<String> parts = Arrays.asList(line.split("\t", -1));
        if (parts.size() <= NUMBERS) {
            return untimed(name, parts.getFirst(), parts.getLast());
        }
        return new TrainContender(
                name,
                parts.getFirst(),
                "",
                Timing.of(parts.stream().skip(NUMBERS).mapToDouble(Double::parseDouble).toArray()),
                Long.parseLong(parts.get(1)),
                Double.parseDouble(parts.get(2)),
                Double.parseDouble(parts.get(3)));
    }
}
