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
import io.longspan.model.encoder.MaskedLmHead;
import io.longspan.model.tensor.TensorBridge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes a batch through a model and writes what transformers returns for it: an encoder's hidden
 * states ({@code hidden_state.0}, the embeddings, to {@code hidden_state.n}), or a masked language
 * model's {@code logits} and, with labels, {@code loss}.
 */
public final class TensorForward {
    /** Rows of logits that are in memory at once. */
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
            return model.maskedLmHead().isPresent()
                    ? maskedLm(model, model.maskedLmHead().get(), batch, attention, manager, output)
                    : encoder(model, batch, attention, manager, output);
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
        if (batch.hasLabels()) {
            tensors.add(OutgoingTensor.of("loss", new float[] {loss(head, hidden, batch)}));
        }
        return write(output, tensors);
    }

    /**
     * Mean cross-entropy over the labelled tokens, NaN when there is none, as transformers has it.
     */
    private static float loss(MaskedLmHead head, NDArray hidden, BatchTensors batch) {
        long[] labelled = batch.labelled();
        double sum = 0;
        for (int first = 0; first < labelled.length; first += TILE) {
            long[] rows =
                    Arrays.copyOfRange(labelled, first, Math.min(first + TILE, labelled.length));
            try (NDManager scope = hidden.getManager().newSubManager()) {
                NDArray picked = hidden.get(scope.create(rows)); // [tile, N]
                picked.attach(scope);
                NDArray logged = head.forward(picked).logSoftmax(1); // [tile, V]
                NDArray wanted =
                        scope.create(batch.labels(rows), new Shape(rows.length, 1)); // [tile, 1]
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
