package io.longspan.bench.serve;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** Loads a server from a second process. */
public final class ServeBench {
    private static final double LONGEST_WARM_UP = 30;

    /** Batches that a request may wait for under load. */
    private static final int PATIENCE = 4;

    private final Consumer<String> progress;

    /** A bench that says what it does. */
    public ServeBench(Consumer<String> progress) {
        this.progress = progress;
    }

    /** Longest text of a load, for a model's longest. */
    public static int most(int longest) {
        return Math.min(longest, TextLengths.MOST);
    }

    /**
     * Measures.
     *
     * @throws java.io.UncheckedIOException when the second process fails
     */
    public ServeBenchResult run(ServeBenchRequest asked) {
        double seconds = asked.seconds();
        double warm = Math.max(1, seconds / 4);
        double patience = asked.patience();
        int all = ServeBenchRequest.MOST_CALLERS;
        try (ServeLoadProcess process =
                new ServeLoadProcess(asked.target(), asked.model(), most(asked.longest()))) {
            warmUp(process, asked);
            Optional<LoadResult> alone = Optional.empty();
            if (!asked.peakOnly()) {
                progress.accept("one caller that waits for its answers");
                alone = Optional.of(process.load(1, 0, warm, seconds, patience, asked.seed()));
            }
            progress.accept(all + " callers that wait for their answers");
            LoadResult peak = process.load(all, 0, warm, seconds, patience, asked.seed() + 1);
            if (peak.answered() == 0) {
                throw new IllegalArgumentException(
                        "no request was answered in "
                                + seconds
                                + " seconds; measure longer, or a smaller model");
            }
            double deadline = deadline(asked, peak);
            if (asked.peakOnly()) {
                return new ServeBenchResult(alone, peak, List.of(), Optional.empty(), deadline);
            }
            List<LoadResult> half = new ArrayList<>();
            for (int callers : asked.callers()) {
                double rate = peak.answersPerSecond() / 2;
                progress.accept(
                        String.format(
                                Locale.ROOT,
                                "%d callers, %.1f requests per second",
                                callers,
                                rate));
                half.add(
                        process.load(
                                callers,
                                rate,
                                warm,
                                seconds,
                                patience,
                                asked.seed() + 2 + callers));
            }
            double rate = 2 * peak.answersPerSecond();
            progress.accept(
                    String.format(Locale.ROOT, "%d callers, %.1f requests per second", all, rate));
            // A line as long as a deadline has to build up before what leaves it counts.
            LoadResult overload =
                    process.load(
                            all, rate, Math.max(warm, deadline), seconds, deadline, asked.seed());
            return new ServeBenchResult(alone, peak, half, Optional.of(overload), deadline);
        }
    }

    /**
     * Two processes that have just started are mostly interpreted, and both are measured; while
     * they compile, that takes more of the cores than the calls do. So neither a load of answers
     * nor one of refusals counts at first.
     */
    private void warmUp(ServeLoadProcess process, ServeBenchRequest asked) {
        int all = ServeBenchRequest.MOST_CALLERS;
        double seconds = Math.min(LONGEST_WARM_UP, asked.seconds() * 5 / 4);
        progress.accept("a load that is not counted, until both processes are warm");
        LoadResult first = process.load(all, 0, 0, seconds, asked.patience(), asked.seed());
        if (!asked.peakOnly() && first.answered() > 0) {
            progress.accept("the same for a double load");
            LoadResult _ =
                    process.load(
                            all,
                            2 * first.answersPerSecond(),
                            0,
                            2 * seconds,
                            deadline(asked, first),
                            asked.seed());
        }
    }

    private static double deadline(ServeBenchRequest asked, LoadResult load) {
        return Math.max(1, PATIENCE * asked.batchTokens() / load.tokensPerSecond());
    }
}
