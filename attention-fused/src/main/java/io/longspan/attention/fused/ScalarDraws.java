package io.longspan.attention.fused;

import io.longspan.attention.DropoutDraws;
import io.longspan.attention.Philox;

/** One draw after the other: the readable twin of {@link VectorDraws}. */
final class ScalarDraws implements TileDraws {
    @Override
    public int lanes() {
        return Tile.GROUP;
    }

    @Override
    public void draw(DropoutDraws draws, int block, int[] rows, int from, int to, int[] words) {
        int[] drawn = new int[WORDS];
        for (int q = from; q < to; q++) {
            Philox.draw(draws.key(), block, rows[q], draws.counter2(), draws.counter3(), drawn);
            for (int word = 0; word < WORDS; word++) {
                words[word * Tile.SIZE + q] = drawn[word];
            }
        }
    }

    @Override
    public void pick(
            DropoutDraws draws, int[] words, int key, int from, int to, float[] factors, int at) {
        int row = ((key >> 1) & (WORDS - 1)) * Tile.SIZE;
        for (int q = from; q < to; q++) {
            int bits = (words[row + q] >>> (16 * (key & 1))) & 0xFFFF;
            factors[at + q] = bits < draws.threshold() ? 0 : draws.keepScale();
        }
    }

    @Override
    public void multiply(float[] numbers, float[] factors, int count) {
        for (int i = 0; i < count; i++) {
            numbers[i] *= factors[i];
        }
    }
}
