package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import io.longspan.model.config.LongformerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Holds the tensors of a file against those that a model has, and names all that differ at once.
 */
final class TensorChecks {
    /** More than any one layer or list of layers of a base model has; beyond it only counted. */
    private static final int MOST_NAMED = 100;

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

    /**
     * Checks that everything is there, in the right shape and type, and that the encoder has
     * nothing more: a layer or projection that the configuration does not know of would be left out
     * of the arithmetic. Heads of other tasks are no defect.
     *
     * @param names file names by canonical name
     * @throws ModelInputException naming every tensor that is missing, misshaped or too many
     */
    static void fits(
            LongformerConfig config,
            TensorSource source,
            Task task,
            List<ExpectedTensor> expected,
            Map<String, String> names) {
        List<String> missing = new ArrayList<>();
        List<String> misshaped = new ArrayList<>();
        List<String> notReal = new ArrayList<>();
        for (ExpectedTensor tensor : expected) {
            String fileName = names.get(tensor.name());
            if (fileName == null) {
                if (tensor.required()) {
                    missing.add(Quoted.of(tensor.name()));
                }
                continue;
            }
            TensorInfo found = source.info(fileName);
            if (!found.dtype().isReal()) {
                notReal.add(Quoted.of(fileName) + " is " + found.dtype());
            }
            if (!found.shape().equals(tensor.shape())) {
                misshaped.add(
                        Quoted.of(fileName)
                                + " is "
                                + TensorInfo.brief(found.shape())
                                + " instead of "
                                + TensorInfo.brief(tensor.shape()));
            }
        }
        List<String> extra = extra(expected, names);
        List<String> defects = new ArrayList<>();
        add(defects, "lacks", missing, "");
        add(defects, "gives another shape to", misshaped, "");
        add(defects, "has no real numbers (F32, F16, BF16, F64) in", notReal, "");
        add(defects, "holds", extra, " that the model does not have");
        if (!defects.isEmpty()) {
            throw new ModelInputException(
                    "'"
                            + source.path()
                            + "' does not fit config.json (model_type "
                            + config.modelType().key()
                            + ", task "
                            + task.key()
                            + "): it "
                            + String.join("; it ", defects)
                            + "; "
                            + advice(config, defects, missing, extra));
        }
    }

    private static List<String> extra(List<ExpectedTensor> expected, Map<String, String> names) {
        Set<String> known = expected.stream().map(ExpectedTensor::name).collect(Collectors.toSet());
        return names.entrySet().stream()
                .filter(e ->
                        e.getKey().startsWith("encoder.") || e.getKey().startsWith("embeddings."))
                .filter(e -> !known.contains(e.getKey()))
                .map(e -> Quoted.of(e.getValue()))
                .toList();
    }

    private static void add(List<String> defects, String verb, List<String> named, String after) {
        if (named.isEmpty()) {
            return;
        }
        String names = String.join(", ", named.subList(0, Math.min(named.size(), MOST_NAMED)));
        String more =
                named.size() > MOST_NAMED ? " and " + (named.size() - MOST_NAMED) + " more" : "";
        String tensors = named.size() == 1 ? " tensor" : " tensors";
        defects.add(verb + " " + named.size() + tensors + after + " (" + names + more + ")");
    }

    private static String advice(
            LongformerConfig config,
            List<String> defects,
            List<String> missing,
            List<String> extra) {
        if (defects.size() == 1 && allGlobal(missing)) {
            return "the global projections are missing, so convert it as a RoBERTa checkpoint";
        }
        if (defects.size() == 1 && allGlobal(extra) && !config.hasGlobalAttention()) {
            return "a model with global projections is a Longformer, so set model_type longformer"
                    + " and attention_window in config.json";
        }
        return "check that config.json and weights belong together";
    }

    private static boolean allGlobal(List<String> names) {
        return !names.isEmpty() && names.stream().allMatch(name -> name.contains("_global."));
    }
}
