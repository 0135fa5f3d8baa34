package io.longspan.model.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import io.longspan.attention.SequenceLayout;
import org.junit.jupiter.api.Test;

final class PositionIdsTest {
    @Test
    void padsTakeTheirOwnRowAndDoNotAdvanceTheCount() {
        long[] ids = {0, 7, 1, 9, 2, 1, 1, 5};
        assertThat(PositionIds.counted(ids, SequenceLayout.allLocal(8), 1))
                .containsExactly(2, 3, 1, 4, 5, 1, 1, 6);
    }

    @Test
    void everySequenceCountsFromTheBeginning() {
        assertThat(
                        PositionIds.counted(
                                new long[] {5, 5, 5, 5, 5}, SequenceLayout.allLocal(2, 3), 1))
                .containsExactly(2, 3, 2, 3, 4);
    }
}
