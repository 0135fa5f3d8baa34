package io.longspan.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.config.GlobalPolicy;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.tensor.TensorBridge;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** What a model says of some texts. */
final class AccuracyAnswers {
    /** Rows of scores in memory at once. */
    private static final int TILE = 64;

    private final float[] states;
    private final int @Nullable [] guesses;
    private final @Nullable String fallback;

    private AccuracyAnswers(float[] states, int @Nullable [] guesses, @Nullable String fallback) {
        this.states = states;
        this.guesses = guesses;
        this.fallback = fallback;
    }

    /**
     * Embeddings of all tokens, the first of each text being global as it is when texts are
     * embedded, [T, N].
     */
    float[] states() {
        return states;
    }

    /** Ids that are guessed first for hidden tokens; null without a language-model head. */
    int @Nullable [] guesses() {
        return guesses;
    }

    /** Why packed layers run as the engine's, or null. */
    @Nullable String fallback() {
        return fallback;
    }

    static AccuracyAnswers of(
            LongformerModel model, AttentionBackend attention, AccuracyTexts texts, long mask) {
        MaskedLmHead head = model.maskedLmHead().orElse(null);
        int width = model.config().hiddenSize();
        float[] states = new float[texts.tokens() * width];
        int[] guesses = new int[texts.truth().length];
        int token = 0;
        int guess = 0;
        for (int b = 0; b < texts.ids().size(); b++) {
            long[] ids = texts.ids().get(b);
            try (NDManager manager = model.newManager()) {
                TokenBatch batch = batch(model, ids, firstGlobal(model));
                NDArray hidden = model.encoder().forward(batch, attention, manager); // [T, N]
                MemorySegment.copy(
                        TensorBridge.memory(hidden),
                        ValueLayout.JAVA_FLOAT,
                        0,
                        states,
                        token * width,
                        ids.length * width);
                token += ids.length;
                if (head != null) {
                    TokenBatch masked = batch(model, texts.masked(b, mask), model.setup());
                    QueryRows rows = QueryRows.of(texts.hidden().get(b));
                    NDArray found =
                            model.encoder().forward(masked, rows, attention, manager); // [R, N]
                    guess = guess(head, found, guesses, guess);
                }
            }
        }
        return new AccuracyAnswers(
                states, head == null ? null : guesses, model.linearFallback().orElse(null));
    }

    /** As texts are embedded. */
    private static TaskSetup firstGlobal(LongformerModel model) {
        return model.config().hasGlobalAttention()
                ? model.setup().withGlobals(GlobalPolicy.Named.FIRST_TOKEN)
                : model.setup();
    }

    private static TokenBatch batch(LongformerModel model, long[] ids, TaskSetup setup) {
        SequenceLayout layout = setup.withGlobals(ids, SequenceLayout.allLocal(ids.length));
        return TokenBatch.of(model.config(), ids, layout);
    }

    private static int guess(MaskedLmHead head, NDArray rows, int[] guesses, int from) {
        int at = from;
        long count = rows.getShape().get(0);
        for (long first = 0; first < count; first += TILE) {
            long end = Math.min(first + TILE, count);
            try (NDManager scope = rows.getManager().newSubManager()) {
                NDArray picked = rows.get(new NDIndex("{}:{}", first, end)); // [tile, N]
                picked.attach(scope);
                MemorySegment scores = TensorBridge.memory(head.forward(picked)); // [tile, V]
                for (long row = 0; row < end - first; row++) {
                    guesses[at++] = best(scores, row * head.classes(), head.classes());
                }
            }
        }
        return at;
    }

    private static int best(MemorySegment scores, long from, int classes) {
        int best = 0;
        float highest = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            float score = scores.getAtIndex(ValueLayout.JAVA_FLOAT, from + k);
            if (score > highest) {
                highest = score;
                best = k;
            }
        }
        return best;
    }
}
