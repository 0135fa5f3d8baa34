package io.longspan.attention.fused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.longspan.attention.AttentionDropout;
import io.longspan.attention.DropoutDraws;
import io.longspan.attention.DropoutMask;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropout factors drawn a vector of queries at a time against the mask's own, bit for bit. */
final class DrawsTest {
    private static final long SEED = 23;
    private static final int PLAIN = 0;
    private static final long LARGE_SAMPLE = (1L << 47) + 12345;

    @ParameterizedTest
    @ValueSource(ints = {PLAIN, 512, 256, 128})
    void everyFactorIsTheMasks(int bits) {
        assumeTrue(bits <= VectorMaths.widest(), "this machine has no vectors that wide");
        TileDraws math = (bits == PLAIN ? TileMath.scalar() : VectorMaths.of(bits)).draws();
        Random random = new Random(SEED);
        int[] rows = random.ints(Tile.SIZE, 0, Integer.MAX_VALUE).toArray();
        int[] words = new int[TileDraws.WORDS * Tile.SIZE];
        float[] factors = new float[Tile.SIZE];
        int lanes = math.lanes();
        for (float rate : new float[] {0.0001f, 0.1f, 0.5f, 0.9f}) {
            AttentionDropout step = AttentionDropout.of(random.nextLong(), 7, 2, LARGE_SAMPLE);
            DropoutMask mask = step.mask(0, rate);
            int head = random.nextInt(64);
            DropoutDraws draws = mask.draws(head);
            int block = random.nextInt(1 << 28);
            math.draw(draws, block, rows, lanes, Tile.SIZE, words);
            for (int key = block * TileDraws.KEYS; key < (block + 1) * TileDraws.KEYS; key++) {
                math.pick(draws, words, key, lanes, Tile.SIZE, factors, 0);
                for (int q = lanes; q < Tile.SIZE; q++) {
                    assertThat(factors[q])
                            .as("seed %d, rate %s, row %d, key %d", SEED, rate, rows[q], key)
                            .isEqualTo(mask.factor(head, rows[q], key));
                }
            }
        }
        assertThat(factors).as("lanes before the first").startsWith(new float[lanes]);
    }
}
