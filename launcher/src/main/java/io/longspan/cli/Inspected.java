package io.longspan.cli;

import io.longspan.model.checkpoint.Checkpoint;
import io.longspan.model.checkpoint.DType;
import io.longspan.model.checkpoint.ExpectedTensor;
import io.longspan.model.checkpoint.HuggingFaceNames;
import io.longspan.model.checkpoint.ModelTensors;
import io.longspan.model.checkpoint.Task;
import io.longspan.model.checkpoint.TensorInfo;
import io.longspan.model.checkpoint.TensorNames;
import io.longspan.model.config.LongformerConfig;
import io.longspan.model.config.Presets;
import io.longspan.model.infer.ParameterCount;
import java.util.List;

/**
 * What is known of a model without its weights.
 *
 * @param name folder or preset
 * @param config what it is
 * @param task of its head
 * @param parameters how many numbers it holds
 * @param tensors in alphabetical order of the canonical names
 * @param unused names of the files that the model does not need
 */
record Inspected(
        String name,
        LongformerConfig config,
        Task task,
        ParameterCount parameters,
        List<Tensor> tensors,
        List<String> unused) {
    /**
     * One tensor.
     *
     * @param name canonical
     * @param fileName in the file
     * @param dtype of the values
     * @param shape sizes, outermost first
     */
    record Tensor(String name, String fileName, DType dtype, List<Long> shape) {}

    /** A checkpoint as it lies in its folder. */
    static Inspected of(Checkpoint checkpoint) {
        TensorNames names = checkpoint.names();
        List<Tensor> tensors =
                names.canonical().stream()
                        .map(name -> {
                            TensorInfo info = names.get(name).info();
                            return new Tensor(name, info.name(), info.dtype(), info.shape());
                        })
                        .toList();
        return new Inspected(
                checkpoint.folder().toString(),
                checkpoint.config(),
                names.task(),
                ParameterCount.of(names),
                tensors,
                names.unused());
    }

    /** A preset as {@code longspan init} would write it, a masked language model. */
    static Inspected preset(String preset) {
        LongformerConfig config = Presets.get(preset);
        Task task = Task.MASKED_LM;
        List<Tensor> tensors =
                ModelTensors.of(config, task, 0).stream()
                        .filter(ExpectedTensor::required)
                        .map(tensor ->
                                new Tensor(
                                        tensor.name(),
                                        HuggingFaceNames.fileName(
                                                config.modelType(), task, tensor.name()),
                                        DType.F32,
                                        tensor.shape()))
                        .toList();
        return new Inspected(
                preset, config, task, ParameterCount.of(config, task, 0), tensors, List.of());
    }
}
