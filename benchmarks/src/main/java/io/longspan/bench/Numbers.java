package io.longspan.bench;

import java.util.Random;

/** The tensors of a request, the same for every contender. */
final class Numbers {
    private static final long SEED = 17;

    private Numbers() {}

    /** Standard normal numbers; {@code which} tells query, key, value and output gradient apart. */
    static float[] draw(AttentionBenchRequest asked, int which) {
        Random random = new Random(SEED + which);
        int elements =
                Math.multiplyExact(
                        asked.tokens(), Math.multiplyExact(asked.heads(), asked.headSize()));
        float[] numbers = new float[elements];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
