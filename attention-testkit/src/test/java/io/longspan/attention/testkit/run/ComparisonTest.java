package io.longspan.attention.testkit.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.attention.Capabilities;
import io.longspan.attention.testkit.cases.AttentionCase;
import io.longspan.attention.testkit.cases.AttentionCases;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static final AttentionCase CASE =
            AttentionCases.all(Capabilities.everythingOnCpu()).getFirst();
    private static final Tolerance TIGHT = new Tolerance(1e-6, 1e-6);

    @Test
    void aFailureNamesCaseSeedWorstIndexAndBothValues() {
        assertThatThrownBy(() ->
                        new Comparison(CASE, "output", 2, 3)
                                .near(TIGHT, new float[] {0, 0.1f, 0, 0, 0, 7}, new double[6]))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("output is wrong at 2 of 6 elements")
                .hasMessageContaining("worst at [1, 2]: got 7.0, expected 0.0")
                .hasMessageContaining("'" + CASE.name() + "'")
                .hasMessageContaining("seed " + CASE.seed());
    }

    @Test
    void nanIsNearNothingAndInfinityOnlyNearItself() {
        double inf = Double.NEGATIVE_INFINITY;
        assertThat(TIGHT.error(Double.NaN, 0)).isInfinite();
        assertThat(TIGHT.error(Double.NaN, Double.NaN)).isInfinite();
        assertThat(TIGHT.error(inf, inf)).isZero();
        assertThat(TIGHT.error(0, inf)).isInfinite();
        assertThat(TIGHT.error(inf, 0)).isInfinite();
    }

    @Test
    void elementsLeftOutAreNotCompared() {
        assertThatCode(() ->
                        new Comparison(CASE, "output", 2)
                                .where(i -> i == 0)
                                .near(TIGHT, new float[] {0, 5}, new double[2]))
                .doesNotThrowAnyException();
    }

    @Test
    void aMissingElementFails() {
        assertThatThrownBy(() ->
                        new Comparison(CASE, "output", 2).near(TIGHT, new float[1], new double[2]))
                .hasMessageContaining("must have 2");
    }
}
