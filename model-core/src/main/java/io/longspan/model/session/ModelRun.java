package io.longspan.model.session;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.longspan.attention.AttentionBackend;
import io.longspan.attention.QueryRows;
import io.longspan.attention.SequenceLayout;
import io.longspan.attention.compute.ComputeCrew;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.encoder.TokenBatch;
import io.longspan.model.head.TaskHead;
import io.longspan.model.head.TaskSetup;
import io.longspan.model.infer.LongformerModel;
import io.longspan.model.inspect.AttendedRow;
import io.longspan.model.inspect.AttentionInspector;
import io.longspan.model.session.InferenceRefusedException.Reason;
import io.longspan.model.tensor.TensorBridge;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;

/** A model that runs for one caller at a time, fair between them. Borrows model and backend. */
final class ModelRun {
    private final ReentrantLock running = new ReentrantLock(true);
    private final LongformerModel model;
    private final AttentionBackend attention;

    ModelRun(LongformerModel model, AttentionBackend attention) {
        this.model = model;
        this.attention = attention;
    }

    LongformerModel model() {
        return model;
    }

    /**
     * The model's head.
     *
     * @param lack what a model of another task is told to lack
     * @param wish what it was asked to do
     * @throws InferenceRefusedException when the model has another task
     */
    TaskHead head(Task task, String lack, String wish) {
        return model.head()
                .filter(head -> head.task() == task)
                .orElseThrow(() ->
                        new InferenceRefusedException(
                                Reason.NO_HEAD,
                                "this model has "
                                        + lack
                                        + ", its task is "
                                        + model.task().key()
                                        + "; ask a "
                                        + task.key()
                                        + " model to "
                                        + wish));
    }

    /** Computes something of the whole batch, [T, N]. */
    <A> A whole(
            List<TokenizedText> texts,
            TaskSetup setup,
            BiFunction<NDArray, SequenceLayout, A> answer) {
        running.lock();
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = batch(texts, setup);
            NDArray hidden = model.encoder().forward(batch, attention, manager); // [T, N]
            try (ComputeCrew.Turn _ = model.crew().turn()) {
                return answer.apply(hidden, batch.layout());
            }
        } finally {
            running.unlock();
        }
    }

    /**
     * Computes something of chosen tokens; nothing else is computed for other tokens in the last
     * layer.
     *
     * @param chosen of a text, ascending; at least one among all texts
     * @param answer of their states [R, N], text by text
     */
    <A> A chosen(
            List<TokenizedText> texts,
            TaskSetup setup,
            Function<TokenizedText, IntStream> chosen,
            Function<NDArray, A> answer) {
        running.lock();
        try (NDManager manager = model.newManager()) {
            TokenBatch batch = batch(texts, setup);
            int[] wanted =
                    IntStream.range(0, texts.size())
                            .flatMap(b ->
                                    chosen.apply(texts.get(b))
                                            .map(t -> batch.layout().start(b) + t))
                            .toArray();
            QueryRows rows = QueryRows.of(wanted);
            NDArray states = model.encoder().forward(batch, rows, attention, manager); // [R, N]
            try (ComputeCrew.Turn _ = model.crew().turn()) {
                return answer.apply(states);
            }
        } finally {
            running.unlock();
        }
    }

    /** The head's scores of chosen tokens of each text, [R, K]; none where none is chosen. */
    float[] scores(
            TaskHead head, List<TokenizedText> texts, Function<TokenizedText, IntStream> chosen) {
        if (texts.stream().allMatch(text -> chosen.apply(text).findAny().isEmpty())) {
            return new float[0];
        }
        float[] scores =
                chosen(
                        texts,
                        model.setup(),
                        chosen,
                        rows -> TensorBridge.floats(head.forward(rows))); // [R, K]
        for (float score : scores) {
            if (!Float.isFinite(score)) {
                throw new IllegalStateException(
                        "the model's scores are not numbers; its weights are broken");
            }
        }
        return scores;
    }

    /** Whom chosen tokens of a text attend to. */
    List<AttendedRow> attention(
            TokenizedText text, int layer, List<Integer> heads, List<Integer> tokens) {
        running.lock();
        try {
            return new AttentionInspector(model, attention)
                    .rows(batch(List.of(text), model.setup()), layer, heads, tokens);
        } finally {
            running.unlock();
        }
    }

    private TokenBatch batch(List<TokenizedText> texts, TaskSetup setup) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("there is no text; pass at least one");
        }
        long[] ids =
                texts.stream()
                        .flatMapToInt(text -> Arrays.stream(text.encoding().ids()))
                        .asLongStream()
                        .toArray(); // [T]
        int[] lengths = texts.stream().mapToInt(TokenizedText::tokens).toArray();
        SequenceLayout layout = setup.withGlobals(ids, SequenceLayout.allLocal(lengths));
        return TokenBatch.of(model.config(), ids, layout);
    }
}
