package io.longspan.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class DropoutMaskTest {
    private static final AttentionDropout STEP = AttentionDropout.of(17, 250, 3, 40, 41);

    @Test
    void neighbouringKeysAreTheSameOneByOneAndInBulk() {
        DropoutMask mask = STEP.mask(1, 0.3f);
        float[] bulk = new float[61];
        mask.factors(2, 9, 5, 60, bulk, 1);
        for (int i = 0; i < 60; i++) {
            assertThat(bulk[1 + i]).as("key %d", 5 + i).isEqualTo(mask.factor(2, 9, 5 + i));
        }
    }

    @Test
    void aSampleKeepsItsMaskInAnotherSlotOfTheBatch() {
        DropoutMask here = STEP.mask(1, 0.5f);
        DropoutMask there = AttentionDropout.of(17, 250, 3, 41).mask(0, 0.5f);
        for (int key = 0; key < 64; key++) {
            assertThat(there.factor(0, 7, key)).isEqualTo(here.factor(0, 7, key));
        }
    }

    @Test
    void theKeptShareIsTheRateAndIsScaledBackExactly() {
        DropoutMask mask = STEP.mask(0, 0.1f);
        int dropped = 0;
        double sum = 0;
        int draws = 200 * 500;
        for (int row = 0; row < 200; row++) {
            for (int key = 0; key < 500; key++) {
                float factor = mask.factor(1, row, key);
                dropped += factor == 0 ? 1 : 0;
                sum += factor;
            }
        }
        // Binomial: one standard deviation of the share is 0.001.
        assertThat(dropped / (double) draws).isCloseTo(0.1, within(0.005));
        assertThat(sum / draws).isCloseTo(1, within(0.006));
    }

    @Test
    void headsRowsStepsLayersAndSeedsDrawDifferently() {
        String base = bits(STEP, 0, 0);
        assertThat(bits(STEP, 1, 0)).isNotEqualTo(base);
        assertThat(bits(STEP, 0, 1)).isNotEqualTo(base);
        assertThat(bits(AttentionDropout.of(18, 250, 3, 40), 0, 0)).isNotEqualTo(base);
        assertThat(bits(AttentionDropout.of(17, 251, 3, 40), 0, 0)).isNotEqualTo(base);
        assertThat(bits(AttentionDropout.of(17, 250, 4, 40), 0, 0)).isNotEqualTo(base);
        assertThat(bits(AttentionDropout.of(17, 250, 3, 40L | 1L << 33), 0, 0)).isNotEqualTo(base);
    }

    @Test
    void aTinyRateStillDropsSomethingSomewhere() {
        DropoutMask mask = STEP.mask(0, 1e-7f);
        assertThat(mask.factor(0, 0, 0)).isGreaterThan(1f).isLessThan(1.0001f);
    }

    @Test
    void aSampleIdBeyond48BitsIsRefused() {
        assertThatThrownBy(() -> AttentionDropout.of(1, 1, 0, 1L << 48))
                .hasMessageContaining("281474976710656")
                .hasMessageContaining("2^48 - 1");
    }

    private static String bits(AttentionDropout step, int head, int row) {
        DropoutMask mask = step.mask(0, 0.5f);
        StringBuilder bits = new StringBuilder();
        for (int key = 0; key < 96; key++) {
            bits.append(mask.factor(head, row, key) == 0 ? '0' : '1');
        }
        return bits.toString();
    }
}
