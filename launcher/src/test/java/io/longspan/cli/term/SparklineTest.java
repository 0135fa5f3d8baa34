package io.longspan.cli.term;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SparklineTest {
    @Test
    void theLeastIsTheLowestBarAndTheGreatestTheHighest() {
        assertThat(Sparkline.of(new double[] {10.8, 9, 7.3}, 10)).isEqualTo("█▄▁");
    }

    @Test
    void manyValuesAreAveragedIntoTheWidth() {
        double[] falling = new double[1000];
        for (int i = 0; i < falling.length; i++) {
            falling[i] = -i;
        }
        assertThat(Sparkline.of(falling, 8)).isEqualTo("█▇▆▅▄▃▂▁");
    }

    @Test
    void aFlatCurveIsALine() {
        assertThat(Sparkline.of(new double[] {2, 2, 2}, 10)).isEqualTo("▁▁▁");
    }
}
