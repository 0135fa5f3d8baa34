package io.longspan.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SequenceLayoutTest {
    private static final SequenceLayout TWO =
            SequenceLayout.of(new int[] {0, 3, 8}, new byte[] {2, 1, 0, 1, 2, 1, 1, 2});

    @Test
    void countsAndPositionsFollowFromStartsAndRoles() {
        assertThat(TWO.tokens()).isEqualTo(8);
        assertThat(TWO.sequences()).isEqualTo(2);
        assertThat(TWO.length(1)).isEqualTo(5);
        assertThat(TWO.longest()).isEqualTo(5);
        assertThat(TWO.globals()).containsExactly(0, 4, 7);
        assertThat(TWO.globals(1)).containsExactly(4, 7);
        assertThat(TWO.globalCount(0)).isEqualTo(1);
        assertThat(TWO.mostGlobals()).isEqualTo(2);
        assertThat(TWO.maskedCount()).isEqualTo(1);
    }

    @Test
    void everyTokenBelongsToTheSequenceThatSpansIt() {
        int[] owners = new int[8];
        for (int t = 0; t < 8; t++) {
            owners[t] = TWO.sequenceOf(t);
        }
        assertThat(owners).containsExactly(0, 0, 0, 1, 1, 1, 1, 1);
    }

    @Test
    void whatALayoutNeedsFollowsFromItsRoles() {
        assertThat(SequenceLayout.allLocal(3, 2).features()).isEmpty();
        assertThat(TWO.features())
                .containsExactlyInAnyOrder(Feature.GLOBAL_KEYS, Feature.MASKED_TOKENS);
        SequenceLayout first = SequenceLayout.allLocal(3, 2).withGlobals(0, 3);
        assertThat(first.globals()).containsExactly(0, 3);
        assertThat(first.starts()).containsExactly(0, 3, 5);
        assertThat(first.features()).containsExactly(Feature.GLOBAL_KEYS);
    }

    @Test
    void callersCannotReachTheInside() {
        TWO.roles()[0] = 0;
        TWO.starts()[1] = 99;
        TWO.globals()[0] = 5;
        assertThat(TWO.role(0)).isEqualTo(TokenRole.GLOBAL);
        assertThat(TWO.end(0)).isEqualTo(3);
        assertThat(TWO.globals()).startsWith(0);
    }

    @Test
    void brokenLayoutsAreRefusedWithTheNumberThatIsWrong() {
        assertThatThrownBy(() -> SequenceLayout.of(new int[] {0, 3, 3}, new byte[3]))
                .hasMessageContaining("sequence 1 has length 0");
        assertThatThrownBy(() -> SequenceLayout.of(new int[] {1, 3}, new byte[3]))
                .hasMessageContaining("must begin with 0");
        assertThatThrownBy(() -> SequenceLayout.of(new int[] {0, 3}, new byte[4]))
                .hasMessageContaining("end at token 3")
                .hasMessageContaining("4 roles");
        assertThatThrownBy(() -> SequenceLayout.of(new int[] {0, 1}, new byte[] {3}))
                .hasMessageContaining("token role is 3");
    }
}
