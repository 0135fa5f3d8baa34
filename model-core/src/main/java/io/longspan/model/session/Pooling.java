package io.longspan.model.session;

/** How the last hidden states of a text become one vector. */
public enum Pooling {
    /** The mean over all tokens, {@code <s>} and {@code </s>} included. */
    MEAN,
    /** The state of {@code <s>}. */
    FIRST
}
