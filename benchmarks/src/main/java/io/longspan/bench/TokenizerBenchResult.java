package io.longspan.bench;

import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How fast texts become ids.
 *
 * @param texts number of them
 * @param bytes of all texts in UTF-8
 * @param tokens that they have
 * @param one timed runs on one thread
 * @param all timed runs on all threads that were asked for
 * @param threads of {@code all}
 * @param peers in Python, on one thread
 */
public record TokenizerBenchResult(
        int texts, long bytes, long tokens, Timing one, Timing all, int threads, List<Peer> peers) {
    private static final double MEGABYTE = 1e6;

    /** Copies the list. */
    public TokenizerBenchResult {
        peers = List.copyOf(peers);
    }

    /**
     * A way to call Hugging Face's tokenizers.
     *
     * @param name of it
     * @param version of the library
     * @param timing of its runs; null where it could not run
     * @param sameIds whether its ids are ours, all of them
     * @param note why it could not run; empty where it could
     */
    public record Peer(
            String name, String version, @Nullable Timing timing, boolean sameIds, String note) {}

    /** Megabytes (10^6 bytes) of text in a second on one thread. */
    public double megabytesPerSecond() {
        return bytes / MEGABYTE / one.medianSeconds();
    }

    /** Megabytes of text in a second on all threads. */
    public double megabytesPerSecondOfAll() {
        return bytes / MEGABYTE / all.medianSeconds();
    }

    /** Megabytes of text in a second of a peer. */
    public double megabytesPerSecond(Timing peer) {
        return bytes / MEGABYTE / peer.medianSeconds();
    }

    /** How many times as fast one thread is as the fastest peer; empty without a peer. */
    public OptionalDouble ratio() {
        OptionalDouble fastest = OptionalDouble.empty();
        for (Peer peer : peers) {
            Timing timing = peer.timing();
            if (timing != null) {
                double ratio = timing.medianSeconds() / one.medianSeconds();
                fastest = OptionalDouble.of(Math.min(ratio, fastest.orElse(ratio)));
            }
        }
        return fastest;
    }
}
