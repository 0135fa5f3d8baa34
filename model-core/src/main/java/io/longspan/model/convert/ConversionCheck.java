package io.longspan.model.convert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Philox;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;

/**
 * Proves a conversion: on a text that the window covers whole and whose positions both models know,
 * source and target must give the same hidden states. Tokens are random and not global.
 *
 * @param tokens compared
 * @param maxDifference largest absolute difference of the last hidden states
 * @param maxValue largest absolute value of the source's, for scale
 */
public record ConversionCheck(int tokens, double maxDifference, double maxValue) {
    /** What float32 rounding explains; the two models differ in the order of sums. */
    private static final double TOLERANCE = 2e-5;

    private static final int MOST_TOKENS = 128;

    /** Whether the difference is rounding. */
    public boolean passed() {
        return maxDifference <= TOLERANCE * Math.max(1, maxValue);
    }

    /**
     * The length that {@link #run} uses: what the window, both position tables and patience allow.
     */
    public static int tokens(int window, int sourcePositions, int positions) {
        return Math.min(
                Math.min(window / 2 + 1, MOST_TOKENS), Math.min(sourcePositions, positions));
    }

    /** Runs both models on the same tokens. */
    public static ConversionCheck run(
            Path source, Path target, int tokens, AttentionBackend attention) {
        float[] before = states(source, tokens, attention);
        float[] after = states(target, tokens, attention);
        double difference = 0;
        double value = 0;
        for (int i = 0; i < before.length; i++) {
            difference = Math.max(difference, Math.abs(before[i] - after[i]));
            value = Math.max(value, Math.abs(before[i]));
        }
        return new ConversionCheck(tokens, difference, value);
    }

    private static float[] states(Path folder, int tokens, AttentionBackend attention) {
        try (LongformerModel model = LongformerModel.open(folder, Task.ENCODER, Progress.none());
                NDManager manager = model.newManager()) {
            long[] ids = new long[tokens];
            int[] words = new int[4];
            int pad = model.config().ids().pad();
            for (int t = 0; t < tokens; t++) {
                Philox.draw(0, t, 0, 0, 0, words);
                long id = Integer.toUnsignedLong(words[0]) % model.config().vocabSize();
                ids[t] = id == pad ? model.config().ids().bos() : id;
            }
            TokenBatch batch = TokenBatch.of(model.config(), ids, SequenceLayout.allLocal(tokens));
            NDArray states = model.encoder().forward(batch, attention, manager); // [T, N]
            return TensorBridge.floats(states);
        }
    }
}
