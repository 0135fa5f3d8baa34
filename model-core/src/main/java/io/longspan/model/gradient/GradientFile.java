package io.longspan.model.gradient;

import io.longspan.attention.AttentionBackend;
import io.longspan.model.ModelInputException;
import io.longspan.model.checkpoint.DType;
import io.longspan.model.checkpoint.OutgoingTensor;
import io.longspan.model.checkpoint.SafetensorsWriter;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.infer.BatchTensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the gradient of a batch's mean loss for every weight that got one. */
public final class GradientFile {
    private GradientFile() {}

    /**
     * Runs a batch forwards and backwards and writes the gradients under the checkpoint's own
     * names.
     *
     * @param batch with labels
     * @param output file to write, in one step
     * @return the names that were written, in alphabetical order
     * @throws ModelInputException when the batch has no label or the backend has no gradient
     */
    public static List<String> write(
            TrainableModel model, BatchTensors batch, AttentionBackend attention, Path output) {
        LabelledBatch labelled = batch(batch);
        model.zeroGradients();
        model.lossAndGradients(labelled, attention, 1f / labelled.labels().terms());
        List<OutgoingTensor> tensors = new ArrayList<>();
        for (Parameter parameter : model.parameters()) {
            parameter
                    .gradient()
                    .ifPresent(gradient ->
                            tensors.add(
                                    OutgoingTensor.of(
                                            new TensorInfo(
                                                    parameter.fileName(),
                                                    DType.F32,
                                                    parameter.shape()),
                                            gradient)));
        }
        SafetensorsWriter.write(output, tensors);
        return tensors.stream().map(tensor -> tensor.info().name()).sorted().toList();
    }

    /**
     * A batch with its labels.
     *
     * @throws ModelInputException when there are none
     */
    public static LabelledBatch batch(BatchTensors batch) {
        return new LabelledBatch(
                batch.tokens(),
                batch.labels()
                        .orElseThrow(() ->
                                new ModelInputException(
                                        "the batch has no label; a loss needs tensor 'labels', or 'start_positions' and 'end_positions' for question answering")));
    }
}
