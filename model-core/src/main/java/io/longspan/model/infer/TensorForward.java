package io.longspan.model.infer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.longspan.attention.AttentionBackend;
import io.longspan.model.checkpoint.DType;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.encoder.Rows;
import io.longspan.model.head.ChoiceHead;
import io.longspan.model.head.ClassifierHead;
import io.longspan.model.head.MaskedLmHead;
import io.longspan.model.head.SpanHead;
import io.longspan.model.head.TaskHead;
import io.longspan.model.head.TokenHead;
import io.longspan.model.head.TokenLabels;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a batch through a model and writes what transformers returns for it: an encoder's hidden
 * states ({@code hidden_state.0}, the embeddings, to {@code hidden_state.n}), the {@code logits} of
 * a head, or {@code start_logits} and {@code end_logits} of question answering, and with labels the
 * {@code loss}.
 */
public final class TensorForward {
    /** Rows of a vocabulary's scores that are in memory at once. */
    private static final int TILE = 256;

    private TensorForward() {}

    /**
     * Runs and writes.
     *
     * @param output file to write, in one step
     * @return the names that were written
     */
    public static List<String> run(
            LongformerModel model, BatchTensors batch, AttentionBackend attention, Path output) {
        try (NDManager manager = model.newManager()) {
            TaskHead head = model.head().orElse(null);
            return switch (head) {
                case null -> encoder(model, batch, attention, manager, output);
                case MaskedLmHead words ->
                        maskedLm(model, words, batch, attention, manager, output);
                case ClassifierHead _, SpanHead _, TokenHead _, ChoiceHead _ -> {
                    NDArray hidden =
                            model.encoder().forward(batch.tokens(), attention, manager); // [T, N]
                    yield write(output, HeadOutputs.of(head, batch, scores(head, hidden, batch)));
                }
            };
        }
    }

    /** All scores of a batch, [R, K]. */
    private static float[] scores(TaskHead head, NDArray hidden, BatchTensors batch) {
        try (NDManager scope = hidden.getManager().newSubManager()) {
            long[] wanted = head.rows(batch.tokens().layout());
            NDArray rows = Rows.pick(hidden, Rows.index(scope, wanted)); // [R, N]
            return TensorBridge.floats(head.forward(rows));
        }
    }

    private static List<String> encoder(
            LongformerModel model,
            BatchTensors batch,
            AttentionBackend attention,
            NDManager manager,
            Path output) {
        NDList states =
                model.encoder().forwardAll(batch.tokens(), attention, manager); // each [T, N]
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            NDArray state = states.get(i);
            TensorInfo info =
                    TensorInfo.of(
                            "hidden_state." + i,
                            DType.F32,
                            batch.rows(),
                            batch.length(),
                            model.config().hiddenSize());
            tensors.add(OutgoingTensor.of(info, TensorBridge.memory(state)));
        }
        return write(output, tensors);
    }

    private static List<String> maskedLm(
            LongformerModel model,
            MaskedLmHead head,
            BatchTensors batch,
            AttentionBackend attention,
            NDManager manager,
            Path output) {
        NDArray hidden = model.encoder().forward(batch.tokens(), attention, manager); // [T, N]
        int vocabulary = model.config().vocabSize();
        TensorInfo info =
                TensorInfo.of("logits", DType.F32, batch.rows(), batch.length(), vocabulary);
        List<OutgoingTensor> tensors = new ArrayList<>();
        tensors.add(
                new OutgoingTensor(
                        info,
                        sink -> {
                            for (int first = 0; first < hidden.getShape().get(0); first += TILE) {
                                long last = Math.min(first + TILE, hidden.getShape().get(0));
                                try (NDManager scope = manager.newSubManager()) {
                                    NDArray rows =
                                            hidden.get(
                                                    new NDIndex("{}:{}", first, last)); // [tile, N]
                                    rows.attach(scope);
                                    sink.accept(
                                            TensorBridge.memory(head.forward(rows))); // [tile, V]
                                }
                            }
                        }));
        if (batch.labels().orElse(null) instanceof TokenLabels labels) {
            float loss = loss(head, hidden, labels.rows(batch.tokens().layout()), labels.labels());
            tensors.add(OutgoingTensor.of("loss", new float[] {loss}));
        }
        return write(output, tensors);
    }

    /**
     * Mean cross-entropy over the labelled tokens, NaN when there is none, as transformers has it.
     */
    private static float loss(MaskedLmHead head, NDArray hidden, long[] labelled, long[] labels) {
        double sum = 0;
        for (int first = 0; first < labelled.length; first += TILE) {
            int last = Math.min(first + TILE, labelled.length);
            long[] rows = Arrays.copyOfRange(labelled, first, last);
            long[] words = Arrays.copyOfRange(labels, first, last);
            try (NDManager scope = hidden.getManager().newSubManager()) {
                NDArray picked = hidden.get(scope.create(rows)); // [tile, N]
                picked.attach(scope);
                NDArray logged = head.forward(picked).logSoftmax(1); // [tile, V]
                NDArray wanted = scope.create(words, new Shape(rows.length, 1)); // [tile, 1]
                for (float probability : TensorBridge.floats(logged.gather(wanted, 1))) {
                    sum -= probability;
                }
            }
        }
        return (float) (sum / labelled.length);
    }

    private static List<String> write(Path output, List<OutgoingTensor> tensors) {
        SafetensorsWriter.write(output, tensors);
        return tensors.stream().map(tensor -> tensor.info().name()).sorted().toList();
    }
}
