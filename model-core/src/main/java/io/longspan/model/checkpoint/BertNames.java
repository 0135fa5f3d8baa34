package io.longspan.model.checkpoint;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * BERT's names for what RoBERTa and Longformer have too. Its language-model head lies under {@code
 * cls.predictions}; files converted from TensorFlow call gain and shift of a layer normalisation
 * {@code gamma} and {@code beta}; its text classifier puts one linear layer on the pooler, which is
 * the classifier of a RoBERTa in two pieces.
 */
final class BertNames {
    /** What BERT's pretraining heads begin with. */
    static final String HEADS = "cls.";

    private static final Map<String, String> PREDICTIONS =
            Map.of(
                    "cls.predictions.transform.dense.", "lm_head.dense.",
                    "cls.predictions.transform.LayerNorm.", "lm_head.layer_norm.",
                    "cls.predictions.decoder.", "lm_head.decoder.");

    private BertNames() {}

    /**
     * The canonical name of a name without its prefix; empty for a head that has no counterpart,
     * such as the one that guesses the next sentence.
     */
    static Optional<String> canonical(String name) {
        String modern = modern(name);
        if (!modern.startsWith(HEADS)) {
            return Optional.of(modern);
        }
        if (modern.equals("cls.predictions.bias")) {
            return Optional.of("lm_head.bias");
        }
        return PREDICTIONS.entrySet().stream()
                .filter(e -> modern.startsWith(e.getKey()))
                .map(e -> e.getValue() + modern.substring(e.getKey().length()))
                .findFirst();
    }

    /**
     * Names the parts of a classifier on a pooler as a classifier with a dense layer of its own.
     */
    static void splitClassifier(SortedMap<String, String> fileNames) {
        if (fileNames.containsKey("classifier.weight")
                && fileNames.containsKey("pooler.dense.weight")) {
            move(fileNames, "pooler.dense", "classifier.dense");
            move(fileNames, "classifier", "classifier.out_proj");
        }
    }

    private static void move(SortedMap<String, String> fileNames, String from, String to) {
        for (String part : new String[] {".weight", ".bias"}) {
            String fileName = fileNames.remove(from + part);
            if (fileName != null) {
                fileNames.put(to + part, fileName);
            }
        }
    }

    private static String modern(String name) {
        if (name.endsWith("LayerNorm.gamma")) {
            return name.substring(0, name.length() - "gamma".length()) + "weight";
        }
        if (name.endsWith("LayerNorm.beta")) {
            return name.substring(0, name.length() - "beta".length()) + "bias";
        }
        return name;
    }
}
