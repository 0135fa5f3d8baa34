package io.longspan.model.session;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.head.TaskHead;
import io.longspan.model.tensor.TensorBridge;
import io.longspan.model.tokenizer.Encoding;
import io.longspan.model.tokenizer.RobertaTokenizer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** How probable a language model finds tokens that are there. */
final class TokenScores {
    /** Rows of scores that are in memory at once. */
    private static final int TILE = 64;

    private final ModelRun run;
    private final int mask;

    TokenScores(ModelRun run, RobertaTokenizer tokenizer) {
        this.run = run;
        mask = tokenizer.special().mask();
    }

    boolean causal() {
        return run.model().config().causal();
    }

    /** The language-model head. */
    TaskHead head() {
        return run.head(Task.MASKED_LM, "no language-model head", "score texts");
    }

    /** The tokens that are judged: a text's own, without masks. */
    int[] judged(Encoding text) {
        return IntStream.range(0, text.size())
                .filter(t -> !text.isSpecial(t) && text.id(t) != mask)
                .toArray();
    }

    /** One copy per judged token with a mask in its place, or the text itself. */
    List<TokenizedText> runs(TokenizedText text) {
        Encoding whole = text.encoding();
        return causal()
                ? List.of(text)
                : IntStream.of(judged(whole))
                        .mapToObj(t -> new TokenizedText(whole.with(t, mask), List.of(t)))
                        .toList();
    }

    List<float[]> score(Encoding text, List<TokenizedText> runs) {
        TaskHead head = head();
        int[] judged = judged(text);
        boolean causal = causal();
        int[] ids =
                causal
                        ? runs.stream().flatMapToInt(_ -> ids(text, judged)).toArray()
                        : runs.stream().mapToInt(r -> text.id(r.masks().getFirst())).toArray();
        if (ids.length == 0) {
            return runs.stream().map(_ -> new float[0]).toList();
        }
        float[] all =
                run.chosen(
                        runs,
                        run.model().setup(),
                        one ->
                                causal
                                        ? Arrays.stream(judged).map(t -> t - 1)
                                        : IntStream.of(one.masks().getFirst()),
                        rows -> logarithms(head, rows, ids));
        int each = ids.length / runs.size();
        List<float[]> answers = new ArrayList<>();
        for (int r = 0; r < runs.size(); r++) {
            answers.add(Arrays.copyOfRange(all, r * each, (r + 1) * each));
        }
        return answers;
    }

    private static IntStream ids(Encoding text, int[] judged) {
        return Arrays.stream(judged).map(text::id);
    }

    /**
     * @param rows [R, N], states that say what stands somewhere
     * @param ids of the tokens there, R of them
     */
    private float[] logarithms(TaskHead head, NDArray rows, int[] ids) {
        int vocabulary = head.classes();
        float[] all = new float[ids.length];
        for (int first = 0; first < ids.length; first += TILE) {
            int end = Math.min(first + TILE, ids.length);
            try (NDManager scope = rows.getManager().newSubManager()) {
                NDArray picked = rows.get(new NDIndex("{}:{}", first, end)); // [tile, N]
                picked.attach(scope);
                MemorySegment scores = TensorBridge.memory(head.forward(picked)); // [tile, V]
                for (int i = first; i < end; i++) {
                    all[i] = logarithm(scores, (long) (i - first) * vocabulary, vocabulary, ids[i]);
                }
            }
        }
        return all;
    }

    /** Log-softmax of one row at one place. */
    private static float logarithm(MemorySegment scores, long from, int vocabulary, int id) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < vocabulary; v++) {
            largest = Math.max(largest, scores.getAtIndex(ValueLayout.JAVA_FLOAT, from + v));
        }
        double sum = 0;
        for (int v = 0; v < vocabulary; v++) {
            sum += Math.exp(scores.getAtIndex(ValueLayout.JAVA_FLOAT, from + v) - largest);
        }
        double own = scores.getAtIndex(ValueLayout.JAVA_FLOAT, from + id) - largest;
        if (!Double.isFinite(sum) || !Double.isFinite(own)) {
            throw new IllegalStateException(
                    "the model's scores are not numbers; its weights are broken");
        }
        return (float) (own - Math.log(sum));
    }
}
