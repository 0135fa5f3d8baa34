package io.longspan.attention.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.DropoutMask;
import org.junit.jupiter.api.Test;

final class DropoutGoldenTest {
    @Test
    void theMasksOfTheSourcesAreThePublishedOnes() {
        for (int sequence = 0; sequence < 2; sequence++) {
            DropoutMask mask = DropoutGolden.dropout().mask(sequence, DropoutGolden.RATE);
            for (int head = 0; head < 2; head++) {
                for (int row = 0; row < DropoutGolden.LENGTH; row++) {
                    for (int key = 0; key < DropoutGolden.LENGTH; key++) {
                        float expected =
                                DropoutGolden.drops(sequence, head, row, key)
                                        ? 0
                                        : (float) DropoutGolden.KEPT;
                        assertThat(mask.factor(head, row, key))
                                .as(
                                        "sequence %d, head %d, row %d, key %d",
                                        sequence, head, row, key)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }
}
