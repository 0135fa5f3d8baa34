package io.longspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.training.config.DataMix;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MixtureTest {
    @Test
    void everyRoundHasTheSharesOfTheWeights() {
        Mixture mixture = new Mixture(new double[] {3, 0.5, 1.5}, 7);
        for (long round : new long[] {0, 1, 900_000}) {
            long[] met = new long[3];
            first(round).forEach(n -> met[mixture.at(n).source()]++);
            assertThat(met).containsExactly(6000, 1000, 3000);
        }
        Mixture thirds = new Mixture(new double[] {1, 1, 1}, 7);
        long[] met = new long[3];
        first(0).forEach(n -> met[thirds.at(n).source()]++);
        assertThat(met).containsExactlyInAnyOrder(3334, 3333, 3333);
    }

    /** Also in another order of asking, as a resumed run asks. */
    @Test
    void eachDataSetIsReadInItsOwnOrderWithoutGapsWhereverARunBegins() {
        Mixture mixture = new Mixture(new double[] {2, 1}, 7);
        List<Mixture.Draw> all =
                LongStream.range(0, 2 * DataMix.ROUND + 500).mapToObj(mixture::at).toList();
        long[] next = new long[2];
        for (Mixture.Draw draw : all) {
            assertThat(draw.index()).isEqualTo(next[draw.source()]++);
        }
        Mixture again = new Mixture(new double[] {2, 1}, 7);
        for (int n : new int[] {20_321, 3, 12_000, 9_999, 10_000, 20_000}) {
            assertThat(again.at(n)).isEqualTo(all.get(n));
        }
    }

    @Test
    void theDrawDependsOnTheSeedAndMixesEarly() {
        List<Integer> one = sources(1);
        assertThat(one).isNotEqualTo(sources(2)).isEqualTo(sources(1));
        // Of 400 draws without replacement of a half, eight deviations are 80.
        assertThat(one.stream().filter(source -> source == 0).count()).isBetween(120L, 280L);
    }

    private static List<Integer> sources(long seed) {
        Mixture mixture = new Mixture(new double[] {1, 1}, seed);
        return LongStream.range(0, 400).mapToObj(n -> mixture.at(n).source()).toList();
    }

    private static LongStream first(long round) {
        return LongStream.range(round * DataMix.ROUND, (round + 1) * DataMix.ROUND);
    }
}
