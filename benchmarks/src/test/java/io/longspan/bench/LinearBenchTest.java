package io.longspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.linear.LinearPrecision;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinearBenchTest {
    @Test
    void everyLayerIsTimedBesideDjlAndThePeak() {
        LinearBenchRequest asked = new LinearBenchRequest(8, 1, 3, List.of(LinearPrecision.FP32));
        LinearBenchResult result = new LinearBench(line -> {}).run(asked);
        assertThat(result.peakGflops()).isPositive();
        assertThat(result.rows().stream().map(LinearBenchRow::layer).distinct())
                .containsExactly(
                        "projection", "feed-forward in", "feed-forward out", "vocabulary head");
        for (LinearBenchRow row : result.rows()) {
            assertThat(row.timing().runs()).isEqualTo(3);
            assertThat(row.bestGflops())
                    .isEqualTo(
                            2.0
                                    * row.rows()
                                    * row.in()
                                    * row.out()
                                    / row.timing().minSeconds()
                                    / 1e9);
            assertThat(row.shareOfPeak()).isBetween(0.0, 1.2);
            if (row.contender().equals("djl")) {
                assertThat(row.ratioToEngine()).isEqualTo(1);
            }
        }
        assertThat(result.rows().stream().filter(row -> row.contender().equals("djl"))).hasSize(4);
    }

    @Test
    void thereIsNoBenchmarkOfNothing() {
        assertThatThrownBy(() -> new LinearBenchRequest(0, 1, 1, List.of()))
                .hasMessage("tokens is 0; it must be at least 1");
    }
}
