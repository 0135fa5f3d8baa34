package io.longspan.training.data;

import io.longspan.attention.Philox;
import io.longspan.training.config.DataMix;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which data set each sequence of a run is from: a function of the seed and the sequence's number.
 * Of every {@link DataMix#ROUND} sequences each data set has a fixed number, by the largest
 * remainders of its share; the order within such a round is drawn. Thread-safe.
 */
final class Mixture {
    private static final int MIX = 20;

    private final int[] quotas;
    private final long seed;
    private @Nullable Round last;

    /**
     * A place in a data set.
     *
     * @param source index of the data set
     * @param index of the sequence among all that the run takes from it, from 0
     */
    record Draw(int source, long index) {}

    /** A round laid out: the source of each slot, and its rank among those of the source. */
    private static final class Round {
        private final long number;
        private final int[] source = new int[DataMix.ROUND];
        private final int[] rank = new int[DataMix.ROUND];

        private Round(long number) {
            this.number = number;
        }
    }

    /**
     * A mixture.
     *
     * @param weights one for each data set, above 0, none below a share of one in a round
     */
    Mixture(double[] weights, long seed) {
        this.seed = seed;
        quotas = quotas(weights);
    }

    /** Sequences of each data set in a round. */
    private static int[] quotas(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        int[] quotas = new int[weights.length];
        double[] left = new double[weights.length];
        for (int s = 0; s < quotas.length; s++) {
            double exact = weights[s] / sum * DataMix.ROUND;
            quotas[s] = (int) Math.floor(exact + 1e-9);
            left[s] = exact - quotas[s];
        }
        for (int missing = DataMix.ROUND - IntStream.of(quotas).sum(); missing > 0; missing--) {
            int most = 0;
            for (int s = 1; s < left.length; s++) {
                most = left[s] > left[most] ? s : most;
            }
            quotas[most]++;
            left[most]--;
        }
        return quotas;
    }

    /** The n-th sequence of the run, from 0. */
    Draw at(long n) {
        if (quotas.length == 1) {
            return new Draw(0, n);
        }
        Round round = round(n / DataMix.ROUND);
        int slot = (int) (n % DataMix.ROUND);
        int source = round.source[slot];
        return new Draw(source, round.number * quotas[source] + round.rank[slot]);
    }

    private synchronized Round round(long number) {
        Round known = last;
        if (known == null || known.number != number) {
            known = layOut(number);
            last = known;
        }
        return known;
    }

    private Round layOut(long number) {
        Permutation order = new Permutation(Philox.derive(seed, number, MIX), DataMix.ROUND);
        int[] ends = quotas.clone();
        Arrays.parallelPrefix(ends, Integer::sum);
        Round round = new Round(number);
        int[] met = new int[quotas.length];
        for (int slot = 0; slot < DataMix.ROUND; slot++) {
            int ticket = order.at(slot);
            int from = 0;
            while (ticket >= ends[from]) {
                from++;
            }
            round.source[slot] = from;
            round.rank[slot] = met[from]++;
        }
        return round;
    }
}
