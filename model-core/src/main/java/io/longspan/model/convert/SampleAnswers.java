package io.longspan.model.convert;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.Philox;
import io.longspan.attention.SequenceLayout;
import io.longspan.model.Progress;
import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.CheckpointFiles;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.infer.ModelOptions;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a model answers to one random text: states, and scores of a language-model head. */
final class SampleAnswers {
    private static final int SCORED = 8;

    private final int tokens;
    private final int globals;
    private final float[] states;
    private final float[] scores;

    private SampleAnswers(int tokens, int globals, float[] states, float[] scores) {
        this.tokens = tokens;
        this.globals = globals;
        this.states = states;
        this.scores = scores;
    }

    /** Answers to the texts that source and target are compared on, from one of the two. */
    static List<SampleAnswers> of(
            Path source, Path target, Path asked, long seed, AttentionBackend attention) {
        int longest;
        boolean causal;
        Task task;
        try (Checkpoint old = CheckpointFiles.open(source);
                Checkpoint made = CheckpointFiles.open(target)) {
            longest = ConversionCheck.longest(old.config(), made.config());
            causal = made.config().causal();
            task = old.names().task();
        }
        Task run = task == Task.MASKED_LM ? Task.MASKED_LM : Task.ENCODER;
        List<SampleAnswers> answers = new ArrayList<>();
        try (LongformerModel model =
                LongformerModel.open(
                        asked, ModelOptions.defaults().withTask(run), Progress.none())) {
            for (int length : ConversionCheck.lengths(longest)) {
                answers.add(answer(model, length, 0, seed, attention));
            }
            if (!causal) {
                answers.add(answer(model, longest, 1, seed, attention));
            }
        }
        return answers;
    }

    /** Tokens of the text. */
    int tokens() {
        return tokens;
    }

    /** Tokens of it that are global, where the model can. */
    int globals() {
        return globals;
    }

    /** Largest absolute difference. */
    double difference(SampleAnswers other) {
        return Math.max(difference(states, other.states), difference(scores, other.scores));
    }

    /** Largest absolute value. */
    double largest() {
        return Math.max(
                difference(states, new float[states.length]),
                difference(scores, new float[scores.length]));
    }

    private static double difference(float[] one, float[] other) {
        double most = 0;
        for (int i = 0; i < one.length; i++) {
            most = Math.max(most, Math.abs((double) one[i] - other[i]));
        }
        return most;
    }

    private static SampleAnswers answer(
            LongformerModel model, int tokens, int globals, long seed, AttentionBackend attention) {
        LongformerConfig config = model.config();
        SequenceLayout layout = SequenceLayout.allLocal(tokens);
        if (globals > 0 && config.hasGlobalAttention()) {
            layout = layout.withGlobals(0);
        }
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = text(config, tokens, seed, layout);
            NDArray states = model.encoder().forward(batch, attention, manager); // [tokens, N]
            float[] scores = new float[0];
            if (model.maskedLmHead().isPresent()) {
                NDArray first = states.get("0:" + Math.min(tokens, SCORED)); // [rows, N]
                NDArray scored = model.maskedLmHead().get().forward(first); // [rows, V]
                scores = TensorBridge.floats(scored);
            }
            return new SampleAnswers(tokens, globals, TensorBridge.floats(states), scores);
        }
    }

    private static TokenBatch text(
            LongformerConfig config, int tokens, long seed, SequenceLayout layout) {
        long[] ids = new long[tokens];
        long[] types = new long[tokens];
        int[] words = new int[4];
        for (int t = 0; t < tokens; t++) {
            Philox.draw(seed, t, tokens, 0, 0, words);
            // The pad's id would not count as a position.
            long id = Integer.toUnsignedLong(words[0]) % (config.vocabSize() - 1);
            ids[t] = id >= config.ids().pad() ? id + 1 : id;
            types[t] = Integer.toUnsignedLong(words[1]) % config.typeVocabSize();
        }
        return TokenBatch.counted(config, ids, types, layout);
    }
}
