package io.longspan.model.config;

/** The families of models that can be read. */
public enum ModelType {
    /** Windowed attention with global tokens, as in Hugging Face's Longformer. */
    LONGFORMER("longformer"),
    /** The dense ancestor: every token sees every other, no global projections. */
    ROBERTA("roberta"),
    /** RoBERTa in a hundred languages: another vocabulary, the same layers and tensors. */
    XLM_ROBERTA("xlm-roberta"),
    /** RoBERTa's own ancestor: the same layers, positions counted from row 0. */
    BERT("bert"),
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

    /** Whether every token sees every other, without global tokens and their projections. */
    public boolean dense() {
        return this == ROBERTA || this == XLM_ROBERTA || this == BERT;
    }
}
