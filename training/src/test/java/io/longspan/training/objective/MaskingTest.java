package io.longspan.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class MaskingTest {
    private static final int VOCABULARY = 1000;
    private static final int MASK = 999;
    private static final int LENGTH = 200_000;

    private final Masking masking = new Masking(5, 0.15, 0.8, 0.1, MASK, VOCABULARY);

    @Test
    void theSharesAreThoseOfTheSettings() {
        long[] ids = new long[LENGTH];
        Arrays.fill(ids, 500);
        boolean[] chosen = masking.hide(3, 8, ids, new boolean[VOCABULARY]);
        int guesses = 0;
        int masks = 0;
        int same = 0;
        int others = 0;
        long sum = 0;
        for (int t = 0; t < LENGTH; t++) {
            if (chosen[t]) {
                guesses++;
                if (ids[t] == MASK) {
                    masks++;
                } else if (ids[t] == 500) {
                    same++;
                } else {
                    others++;
                    sum += ids[t];
                }
            } else {
                assertThat(ids[t]).isEqualTo(500);
            }
        }
        // Four standard deviations of each share.
        assertThat((double) guesses / LENGTH).isCloseTo(0.15, within(0.0032));
        assertThat((double) masks / guesses).isCloseTo(0.8, within(0.0093));
        assertThat((double) same / guesses).isCloseTo(0.1, within(0.007));
        assertThat((double) sum / others).isCloseTo(499.5, within(22.0));
    }

    @Test
    void specialTokensAreNeverChosen() {
        long[] ids = new long[LENGTH];
        for (int t = 0; t < LENGTH; t++) {
            ids[t] = t % 4;
        }
        boolean[] special = new boolean[VOCABULARY];
        special[0] = true;
        special[2] = true;
        boolean[] chosen = masking.hide(0, 0, ids, special);
        for (int t = 0; t < LENGTH; t++) {
            assertThat(chosen[t] && special[t % 4]).isFalse();
            assertThat(chosen[t] || ids[t] == t % 4).isTrue();
        }
    }

    @Test
    void masksDependOnSeedStepAndSampleAndOnNothingElse() {
        boolean[] once = chosen(masking, 3, 8);
        assertThat(chosen(masking, 3, 8)).isEqualTo(once);
        assertThat(chosen(masking, 4, 8)).isNotEqualTo(once);
        assertThat(chosen(masking, 3, 9)).isNotEqualTo(once);
        assertThat(chosen(masking, Masking.HELD_OUT, 8)).isNotEqualTo(once);
        assertThat(chosen(new Masking(6, 0.15, 0.8, 0.1, MASK, VOCABULARY), 3, 8))
                .isNotEqualTo(once);
    }

    @Test
    void aLongerSampleKeepsTheMasksOfItsBeginning() {
        long[] longer = new long[64];
        boolean[] chosen = masking.hide(1, 2, longer, new boolean[VOCABULARY]);
        assertThat(masking.hide(1, 2, new long[40], new boolean[VOCABULARY]))
                .isEqualTo(Arrays.copyOf(chosen, 40));
    }

    private static boolean[] chosen(Masking masking, long step, long sample) {
        return masking.hide(step, sample, new long[500], new boolean[VOCABULARY]);
    }
}
