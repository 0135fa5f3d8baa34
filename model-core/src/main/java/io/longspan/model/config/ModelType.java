package io.longspan.model.config;

/** The families of models that can be read. */
public enum ModelType {
    /** Windowed attention with global tokens, as in Hugging Face's Longformer. */
    LONGFORMER("longformer"),
    /** The dense ancestor: every token sees every other, no global projections. */
    ROBERTA("roberta"),
    /** A Longformer that may be causal, dilated, differ by head, biased or normalised before. */
    LONGSPAN("longspan");

    private final String key;

    ModelType(String key) {
        this.key = key;
    }

    /** The value of {@code model_type} in a configuration file. */
    public String key() {
        return key;
    }
}
