package io.longspan.training;

/** Which tokens of a block are global in pretraining. */
public enum GlobalTokens {
    /** None, as in the paper: the global projections are not trained. */
    NONE("none"),
    /** The first token, {@code <s>}. */
    FIRST("first");

    private final String key;

    GlobalTokens(String key) {
        this.key = key;
    }

    /** The value in a configuration. */
    public String key() {
        return key;
    }
}
