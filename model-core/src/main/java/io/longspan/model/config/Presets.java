package io.longspan.model.config;

import io.longspan.model.ModelInputException;
import io.longspan.model.Quoted;
import java.util.List;

/**
 * Models that can be made by name, with random weights: the published Longformers and the RoBERTas
 * they came from, the same for 16,384 tokens, the paper's character language models ({@link
 * CharacterModels}), and small ones for tests.
 */
public final class Presets {
    private static final int VOCABULARY = 50265;
    private static final int LONG = 16384;

    private Presets() {}

    /** The known names, small to large in each family. */
    public static List<String> names() {
        return List.of(
                "tiny",
                "small",
                "longformer-base-4096",
                "longformer-base-16384",
                "longformer-large-4096",
                "longformer-large-16384",
                "char-lm-tiny",
                "char-lm-small",
                "char-lm-large",
                "roberta-tiny",
                "roberta-base",
                "roberta-large");
    }

    /**
     * The configuration of a name.
     *
     * @throws ModelInputException when the name is unknown; the message lists the known ones
     */
    public static LongformerConfig get(String name) {
        return switch (name) {
            case "tiny" -> longformer(64, 2, 4, 128, 514, 32);
            case "small" -> longformer(256, 4, 4, 1024, 1026, 128);
            case "longformer-base-4096" -> longformer(768, 12, 12, 3072, 4096 + 2, 512);
            case "longformer-base-16384" -> longformer(768, 12, 12, 3072, LONG + 2, 512);
            case "longformer-large-4096" -> longformer(1024, 24, 16, 4096, 4096 + 2, 512);
            case "longformer-large-16384" -> longformer(1024, 24, 16, 4096, LONG + 2, 512);
            case "char-lm-tiny" -> CharacterModels.tiny();
            case "char-lm-small" -> CharacterModels.small();
            case "char-lm-large" -> CharacterModels.large();
            case "roberta-tiny" -> sizes(ModelType.ROBERTA, 64, 2, 4, 128, 514).build();
            case "roberta-base" -> sizes(ModelType.ROBERTA, 768, 12, 12, 3072, 514).build();
            case "roberta-large" -> sizes(ModelType.ROBERTA, 1024, 24, 16, 4096, 514).build();
            default ->
                    throw new ModelInputException(
                            "preset "
                                    + Quoted.of(name)
                                    + " is not known; known are "
                                    + String.join(", ", names()));
        };
    }

    private static LongformerConfig longformer(
            int hidden, int layers, int heads, int intermediate, int positions, int window) {
        return sizes(ModelType.LONGFORMER, hidden, layers, heads, intermediate, positions)
                .window(window)
                .build();
    }

    private static LongformerConfigBuilder sizes(
            ModelType type, int hidden, int layers, int heads, int intermediate, int positions) {
        return new LongformerConfigBuilder(type)
                .vocabSize(VOCABULARY)
                .hiddenSize(hidden)
                .layers(layers)
                .heads(heads)
                .intermediateSize(intermediate)
                .maxPositionEmbeddings(positions);
    }
}
