package io.longspan.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.longspan.model.ModelInputException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BlocksTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64, 65, 1000})
    void aPermutationMeetsEveryIndexOnce(int size) {
        for (long key : new long[] {0, 1, -1, 0x123456789L}) {
            Permutation order = new Permutation(key, size);
            assertThat(IntStream.range(0, size).map(order::at).sorted())
                    .containsExactly(IntStream.range(0, size).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void everyEpochMeetsEveryTrainingBlockOnceInAnotherOrder() {
        Blocks blocks = Blocks.of(100, 30, 0.07, 9);
        int[] held = blocks.heldOut(1000);
        assertThat(held).hasSize(7);
        int[] first = IntStream.range(0, 93).map(blocks::sample).toArray();
        int[] second = IntStream.range(93, 186).map(blocks::sample).toArray();
        assertThat(first).isNotEqualTo(second).isNotEqualTo(IntStream.of(first).sorted().toArray());
        for (int[] epoch : new int[][] {first, second}) {
            assertThat(IntStream.concat(IntStream.of(epoch), IntStream.of(held)).sorted())
                    .containsExactly(IntStream.range(0, 100).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void theOrderDependsOnTheSeedAndTheHeldOutBlocksDoNot() {
        Blocks one = Blocks.of(100, 30, 0.1, 1);
        Blocks two = Blocks.of(100, 30, 0.1, 2);
        assertThat(one.heldOut(99)).isEqualTo(two.heldOut(99)).hasSize(10);
        assertThat(IntStream.range(0, 90).map(one::sample).toArray())
                .isNotEqualTo(IntStream.range(0, 90).map(two::sample).toArray());
        assertThat(one.heldOut(3)).containsExactly(9, 39, 69);
    }

    @Test
    void aDataSetTooSmallForABlockIsRefused() {
        assertThatThrownBy(() -> Blocks.of(0, 30, 0, 1))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("0 sequences of at most 30 tokens");
        assertThatThrownBy(() -> Blocks.of(1, 30, 0.05, 1))
                .isInstanceOf(ModelInputException.class)
                .hasMessageContaining("1 sequences of at most 30 tokens of which 1 are held out");
    }
}
