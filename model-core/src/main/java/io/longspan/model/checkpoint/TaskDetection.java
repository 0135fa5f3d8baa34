package io.longspan.model.checkpoint;

import io.longspan.model.ModelInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Infers the task from the heads in a file; class names decide only between several. */
final class TaskDetection {
    private TaskDetection() {}

    /**
     * The task of a file.
     *
     * @param fileNames file names by canonical name
     * @param source the file
     * @param architectures class names of the configuration
     */
    static Task detect(
            Map<String, String> fileNames, TensorSource source, List<String> architectures) {
        Optional<Task> declared = Task.ofArchitectures(architectures);
        List<Task> heads = heads(fileNames, source, declared);
        if (heads.isEmpty()) {
            return Task.ENCODER;
        }
        if (heads.size() == 1) {
            return heads.getFirst();
        }
        return declared.filter(heads::contains)
                .orElseThrow(() ->
                        new ModelInputException(
                                "'"
                                        + source.path()
                                        + "' holds heads for "
                                        + heads.stream()
                                                .map(Task::key)
                                                .collect(Collectors.joining(" and "))
                                        + "; choose the task yourself"));
    }

    private static List<Task> heads(
            Map<String, String> fileNames, TensorSource source, Optional<Task> declared) {
        List<Task> heads = new ArrayList<>();
        if (fileNames.keySet().stream().anyMatch(name -> name.startsWith("lm_head."))) {
            heads.add(Task.MASKED_LM);
        }
        if (fileNames.containsKey("qa_outputs.weight")) {
            heads.add(Task.QUESTION_ANSWERING);
        }
        if (fileNames.containsKey("classifier.out_proj.weight")) {
            heads.add(Task.SEQUENCE_CLASSIFICATION);
        }
        String plain = fileNames.get("classifier.weight");
        if (plain != null) {
            heads.add(plainClassifier(fileNames, source.info(plain), declared));
        }
        return heads;
    }

    /**
     * One linear layer called classifier: one score on a pooled state, classes per token, or a
     * BERT's classes for the text, again on a pooled state.
     */
    private static Task plainClassifier(
            Map<String, String> fileNames, TensorInfo weight, Optional<Task> declared) {
        boolean pooled = fileNames.containsKey("pooler.dense.weight");
        return declared.filter(task ->
                        task == Task.TOKEN_CLASSIFICATION
                                || task == Task.MULTIPLE_CHOICE
                                || (task == Task.SEQUENCE_CLASSIFICATION && pooled))
                .orElseGet(() -> {
                    boolean single = !weight.shape().isEmpty() && weight.shape().getFirst() == 1;
                    return pooled && single ? Task.MULTIPLE_CHOICE : Task.TOKEN_CLASSIFICATION;
                });
    }
}
