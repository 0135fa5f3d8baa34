package io.longspan.model.checkpoint;

import io.longspan.model.config.ModelType;
import java.util.Map;

/** The names under which transformers looks for tensors. */
public final class HuggingFaceNames {
    /** BERT's names of heads that the others call after the task. */
    private static final Map<String, String> OF_BERT =
            Map.of(
                    "lm_head.dense.", "cls.predictions.transform.dense.",
                    "lm_head.layer_norm.", "cls.predictions.transform.LayerNorm.",
                    "lm_head.decoder.", "cls.predictions.decoder.",
                    "lm_head.bias", "cls.predictions.bias",
                    "classifier.dense.", "bert.pooler.dense.",
                    "classifier.out_proj.", "classifier.");

    private HuggingFaceNames() {}

    /**
     * The name in a file: encoder tensors of a model with a head begin with the family's name,
     * those of a bare encoder and the head's own carry no prefix.
     */
    public static String fileName(ModelType type, Task task, String canonical) {
        if (task == Task.ENCODER) {
            return canonical;
        }
        boolean encoder =
                canonical.startsWith("embeddings.")
                        || canonical.startsWith("encoder.")
                        || canonical.startsWith("pooler.");
        if (encoder) {
            return prefix(type) + canonical;
        }
        return type == ModelType.BERT ? ofBert(canonical) : canonical;
    }

    private static String prefix(ModelType type) {
        return switch (type) {
            case ROBERTA, XLM_ROBERTA -> "roberta.";
            case BERT -> "bert.";
            case LONGFORMER, LONGSPAN -> "longformer.";
        };
    }

    private static String ofBert(String canonical) {
        return OF_BERT.entrySet().stream()
                .filter(name -> canonical.startsWith(name.getKey()))
                .map(name -> name.getValue() + canonical.substring(name.getKey().length()))
                .findFirst()
                .orElse(canonical);
    }
}
