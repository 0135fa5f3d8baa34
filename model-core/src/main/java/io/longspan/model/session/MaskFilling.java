package io.longspan.model.session;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.session.InferenceRefusedException.Reason;
import io.longspan.model.tensor.TensorBridge;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Guesses what stands behind masks. */
final class MaskFilling {
    /** Rows of scores that are in memory at once. */
    private static final int TILE = 64;

    private final ModelRun run;
    private final RobertaTokenizer tokenizer;

    MaskFilling(ModelRun run, RobertaTokenizer tokenizer) {
        this.run = run;
        this.tokenizer = tokenizer;
    }

    /** The language-model head, once the number of guesses is in range. */
    MaskedLmHead head(int topK) {
        if (!(run.head(Task.MASKED_LM, "no language-model head", "fill masks")
                instanceof MaskedLmHead words)) {
            throw new IllegalStateException("a masked-lm model has another head");
        }
        if (topK < 1 || topK > InferenceSession.MOST_GUESSES) {
            throw new InferenceRefusedException(
                    Reason.TOP_K,
                    "the number of guesses is "
                            + topK
                            + "; it must be from 1 to "
                            + InferenceSession.MOST_GUESSES);
        }
        return words;
    }

    List<List<MaskGuesses>> fill(List<TokenizedText> texts, int topK) {
        MaskedLmHead head = head(topK);
        List<Integer> places = texts.stream().flatMap(text -> text.masks().stream()).toList();
        if (places.isEmpty()) {
            return texts.stream().map(_ -> List.<MaskGuesses>of()).toList();
        }
        List<MaskGuesses> all =
                run.chosen(
                        texts,
                        run.model().setup(),
                        text -> text.masks().stream().mapToInt(Integer::intValue),
                        rows -> guesses(head, rows, places, topK));
        List<List<MaskGuesses>> answers = new ArrayList<>();
        int from = 0;
        for (TokenizedText text : texts) {
            answers.add(all.subList(from, from + text.masks().size()));
            from += text.masks().size();
        }
        return answers;
    }

    /**
     * @param rows [M, N], the state of every mask
     * @param places of the masks in their texts, M of them
     */
    private List<MaskGuesses> guesses(
            MaskedLmHead head, NDArray rows, List<Integer> places, int topK) {
        int vocabulary = run.model().config().vocabSize();
        List<MaskGuesses> all = new ArrayList<>();
        for (int first = 0; first < places.size(); first += TILE) {
            int end = Math.min(first + TILE, places.size());
            try (NDManager scope = rows.getManager().newSubManager()) {
                NDArray picked = rows.get(new NDIndex("{}:{}", first, end)); // [tile, N]
                picked.attach(scope);
                MemorySegment scores = TensorBridge.memory(head.forward(picked)); // [tile, V]
                for (int i = first; i < end; i++) {
                    List<TokenGuess> best =
                            BestTokens.of(scores, (long) (i - first) * vocabulary, vocabulary, topK)
                                    .stream()
                                    .map(this::guess)
                                    .toList();
                    all.add(new MaskGuesses(places.get(i), best));
                }
            }
        }
        return all;
    }

    private TokenGuess guess(BestTokens.Scored scored) {
        // A model's table may be longer than its tokenizer's, to be a multiple of something.
        String text =
                scored.id() < tokenizer.vocabularySize()
                        ? tokenizer.decode(new int[] {scored.id()}, false)
                        : "";
        return new TokenGuess(scored.id(), text, scored.score());
    }
}
