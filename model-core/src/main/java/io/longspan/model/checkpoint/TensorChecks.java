package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.config.LongformerConfig;
import java.util.List;
import java.util.Map;

/** Holds the tensors of a file against those that a model has. */
final class TensorChecks {
    private TensorChecks() {}

    /** Classes of a classifier: those the configuration names, or as many as the file has rows. */
    static long labels(
            LongformerConfig config, TensorSource source, Task task, Map<String, String> names) {
        if (!config.labels().isEmpty()) {
            return config.labels().size();
        }
        String head =
                names.get(
                        task == Task.SEQUENCE_CLASSIFICATION
                                ? "classifier.out_proj.weight"
                                : "classifier.weight");
        if (head == null) {
            return 1;
        }
        List<Long> shape = source.info(head).shape();
        return shape.isEmpty() ? 1 : Math.max(1, shape.getFirst());
    }

    static void missing(
            LongformerConfig config,
            TensorSource source,
            Task task,
            List<ExpectedTensor> expected,
            Map<String, String> names) {
        List<String> missing =
                expected.stream()
                        .filter(tensor -> tensor.required() && !names.containsKey(tensor.name()))
                        .map(ExpectedTensor::name)
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        if (missing.stream().allMatch(name -> name.contains("_global."))) {
            throw new ModelInputException(
                    "'"
                            + source.path()
                            + "' lacks "
                            + missing.size()
                            + " tensors of the global projections, the first of them "
                            + Quoted.of(missing.getFirst())
                            + "; model_type "
                            + config.modelType().key()
                            + " needs them, so convert it as a RoBERTa checkpoint");
        }
        throw new ModelInputException(
                "'"
                        + source.path()
                        + "' lacks "
                        + missing.size()
                        + " tensors that model_type "
                        + config.modelType().key()
                        + " needs for task "
                        + task.key()
                        + ", the first of them "
                        + Quoted.of(missing.getFirst())
                        + "; check that config.json and weights belong together");
    }

    static void fits(TensorSource source, TensorInfo found, ExpectedTensor expected) {
        if (!found.dtype().isReal()) {
            throw new ModelInputException(
                    "'"
                            + source.path()
                            + "': tensor "
                            + Quoted.of(found.name())
                            + " holds "
                            + found.dtype()
                            + "; weights must be F32, F16, BF16 or F64, so convert the checkpoint");
        }
        if (!found.shape().equals(expected.shape())) {
            throw new ModelInputException(
                    "'"
                            + source.path()
                            + "': tensor "
                            + Quoted.of(found.name())
                            + " has shape "
                            + TensorInfo.brief(found.shape())
                            + "; config.json asks for "
                            + TensorInfo.brief(expected.shape())
                            + ", so check that they belong together");
        }
    }
}
