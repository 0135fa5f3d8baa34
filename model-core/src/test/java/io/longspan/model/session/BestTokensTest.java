package io.longspan.model.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BestTokensTest {
    @Test
    void theBestOfARowAreThoseOfTheSortedRow() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int vocabulary = 1 + random.nextInt(40);
            int most = 1 + random.nextInt(12);
            float[] scores = new float[vocabulary + 3];
            for (int i = 0; i < scores.length; i++) {
                // Few distinct values, so that ties are common.
                scores[i] = random.nextInt(6) - 3;
            }
            double sum = 0;
            List<Integer> order = new ArrayList<>();
            for (int id = 0; id < vocabulary; id++) {
                order.add(id);
                sum += Math.exp(scores[3 + id]);
            }
            order.sort(
                    Comparator.<Integer>comparingDouble(id -> -scores[3 + id])
                            .thenComparing(Comparator.naturalOrder()));
            List<BestTokens.Scored> best =
                    BestTokens.of(MemorySegment.ofArray(scores), 3, vocabulary, most);
            assertThat(best)
                    .as("seed %d", seed)
                    .extracting(BestTokens.Scored::id)
                    .containsExactlyElementsOf(order.subList(0, Math.min(most, vocabulary)));
            for (BestTokens.Scored scored : best) {
                assertThat((double) scored.score())
                        .as("seed %d", seed)
                        .isCloseTo(
                                Math.exp(scores[3 + scored.id()]) / sum,
                                org.assertj.core.data.Offset.offset(1e-6));
            }
        }
    }

    @Test
    void largeScoresNeitherOverflowNorVanish() {
        MemorySegment row = MemorySegment.ofArray(new float[] {3e38f, -3e38f, 3e38f});
        assertThat(BestTokens.of(row, 0, 3, 2))
                .containsExactly(new BestTokens.Scored(0, 0.5f), new BestTokens.Scored(2, 0.5f));
    }

    @Test
    void scoresThatAreNotNumbersAreRefused() {
        MemorySegment row = MemorySegment.ofArray(new float[] {1, Float.NaN, 2});
        assertThatThrownBy(() -> BestTokens.of(row, 0, 3, 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not numbers");
    }
}
