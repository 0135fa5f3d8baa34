package io.longspan.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Figures of accuracy, by numbers that can be said beforehand. */
final class VectorAgreementTest {
    @Test
    void vectorsAreComparedWithoutTheirOffset() {
        float[] expected = {3, 14, 0, 11};
        float[] found = {3, 14, 1, 10};
        VectorAgreement same = new VectorAgreement(expected, expected, new float[] {0, 10});
        assertThat(same.relativeError()).isZero();
        assertThat(same.meanCosine()).isCloseTo(1, within(1e-12));
        // (3, 4) stays, (0, 1) becomes (1, 0).
        VectorAgreement turned = new VectorAgreement(expected, found, new float[] {0, 10});
        assertThat(turned.meanCosine()).isCloseTo(0.5, within(1e-12));
        assertThat(turned.firstPercentile()).isZero();
        assertThat(turned.relativeError()).isCloseTo(Math.sqrt(2.0 / 26), within(1e-12));
        assertThat(turned.largestDifference()).isEqualTo(1);
    }

    @Test
    void oneVectorInAHundredLiesBelowTheFirstPercentile() {
        float[] expected = new float[2 * 200];
        float[] found = new float[2 * 200];
        for (int t = 0; t < 200; t++) {
            expected[2 * t] = 1;
            found[2 * t] = t < 2 ? -1 : 1;
        }
        VectorAgreement twoTurned = new VectorAgreement(expected, found, new float[2]);
        assertThat(twoTurned.firstPercentile()).isEqualTo(1);
        found[4] = -1;
        VectorAgreement threeTurned = new VectorAgreement(expected, found, new float[2]);
        assertThat(threeTurned.firstPercentile()).isEqualTo(-1);
    }

    @Test
    void sharesCountEqualGuesses() {
        assertThat(VectorAgreement.share(new int[] {1, 2, 3, 4}, new int[] {1, 0, 3, 9}))
                .isEqualTo(0.5);
    }

    @Test
    void outliersHaveRanges() {
        assertThatThrownBy(() -> new AccuracyRequest.Outliers(0, 4))
                .hasMessageContaining("0.0,4; the factor must be above 0");
        assertThatThrownBy(() -> new AccuracyRequest.Outliers(20, 0))
                .hasMessageContaining("the channels at least 1");
    }
}
