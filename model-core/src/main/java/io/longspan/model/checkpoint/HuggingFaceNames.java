package io.longspan.model.checkpoint;

import io.longspan.model.config.ModelType;

/** The names under which transformers looks for tensors. */
public final class HuggingFaceNames {
    private HuggingFaceNames() {}

    /**
     * The name in a file: encoder tensors of a model with a head begin with the family's name,
     * those of a bare encoder and the head's own carry no prefix.
     */
    public static String fileName(ModelType type, Task task, String canonical) {
        boolean encoder =
                canonical.startsWith("embeddings.")
                        || canonical.startsWith("encoder.")
                        || canonical.startsWith("pooler.");
        if (task == Task.ENCODER || !encoder) {
            return canonical;
        }
        return (type == ModelType.ROBERTA ? "roberta." : "longformer.") + canonical;
    }
}
